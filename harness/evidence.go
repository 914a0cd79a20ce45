package harness

import (
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// EvidenceSchema is the version of the evidence file's records.
const EvidenceSchema = 1

// TickWidth is the resolution of the request counts in Evidence.
const TickWidth = 100 * time.Millisecond

// TicksPerSecond is the number of ticks in one Second.
const TicksPerSecond = int(time.Second / TickWidth)

// Evidence is everything that one trial recorded: enough to judge it without
// the stack. It is append-only while the trial runs and JSON round-trips.
type Evidence struct {
	Header
	Stages []StageRecord `json:"stages,omitempty"`
	// Track is what became of the load.
	Track
	// Probers are what became of the requests of each prober, by its name.
	Probers    map[string]Track  `json:"probers,omitempty"`
	Signals    []Signal          `json:"signals,omitempty"`
	Injections []InjectionRecord `json:"injections,omitempty"`
	Checks     []CheckRecord     `json:"checks,omitempty"`
	// Ledger is what became of the load's writes; nil when it only read.
	Ledger   *LedgerRecord `json:"ledger,omitempty"`
	Problems []Problem     `json:"problems,omitempty"`
	// End says how the trial ended; the zero value means that it was killed.
	End End `json:"end"`
}

// Track is the record of one stream of requests.
type Track struct {
	Seconds []Second `json:"seconds,omitempty"`
	Outages []Outage `json:"outages,omitempty"`
}

// Header is what is known before a trial starts.
type Header struct {
	Schema int    `json:"schema"`
	RunID  string `json:"runId"`
	Plan   Plan   `json:"plan"`
	// Tool says which fournines wrote this.
	Tool ToolInfo `json:"tool"`
	// Environment is the fingerprint that baselines must share: cores, kernel,
	// engine, stack.
	Environment map[string]string `json:"environment,omitempty"`
	Stack       StackInfo         `json:"stack"`
	// Terms are what the run holds the scenario to.
	Terms Terms `json:"terms,omitzero"`
	// Command is the command line that runs the scenario again, word by word,
	// the program first; empty when no command line ran it.
	Command []string `json:"command,omitempty"`
	// Start is the wall-clock time of the base that all offsets count from.
	Start time.Time `json:"start"`
}

// ToolInfo is the identity of a fournines build.
type ToolInfo struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	// Build identifies the executable by its content; empty when that is not
	// known. Evidence of two builds never counts together (see Carry).
	Build string `json:"build,omitempty"`
}

// Second is one second of load, by intended time: events whose intended time
// lies in [At, At+1s).
type Second struct {
	At    time.Duration        `json:"atNs"`
	Ticks [TicksPerSecond]Tick `json:"ticks"`
	// Classes counts every event that was not OK, by class.
	Classes map[Class]int `json:"classes,omitempty"`
	// Latency is of answered events (class ok or slow), Lag is sent - intended
	// of all events that were sent.
	Latency slo.Histogram `json:"latency"`
	Lag     slo.Histogram `json:"lag"`
	// Served counts the answered events in which each replica had a part, by its
	// name, as the answers say; nil where they do not. Of a trial at most
	// mostServed names are kept, the rest together as Others. Of the load alone.
	Served map[string]int `json:"served,omitempty"`
	// CPU is the processor time that fournines itself used in about this
	// second, all threads.
	CPU time.Duration `json:"cpuNs"`
	// Stolen is the share of all processors' time that the host of this
	// virtual machine gave to somebody else in about this second, in [0,1]. 0
	// also where the system does not say: only Linux does.
	Stolen float64 `json:"stolen,omitempty"`
}

// Others stands in Second.Served for the replicas beyond those that are kept.
const Others = "(others)"

// Tick counts the events of TickWidth. NotSent events are in neither count.
type Tick struct {
	Scheduled int `json:"n"`
	Bad       int `json:"bad,omitempty"`
}

// Outage is a maximal run of bad events.
type Outage struct {
	// From is the intended time of the first bad event, To that of the first
	// good event after it, or of the trial's last event when Open.
	Window
	Bad  int  `json:"bad"`
	Open bool `json:"open,omitempty"`
	// Example is what the first bad event said.
	Example string `json:"example,omitempty"`
	// Folded is how many outages this record stands for, when there were too
	// many to keep each (see maxOutages), and Sum their lengths together. From
	// and To are then the first one's and the last one's, at most a second
	// apart unless one of them was longer. 0 is one outage.
	Folded int           `json:"folded,omitempty"`
	Sum    time.Duration `json:"sumNs,omitempty"`
}

// Down is how long there was no good event: the outage's length, or what the
// outages that it stands for come to.
func (o Outage) Down() time.Duration {
	if o.Folded > 1 {
		return min(o.Sum, o.Length())
	}
	return o.Length()
}

// InjectionRecord is the life of one injection. An offset of 0 with the flag
// beside it false means that it did not happen.
type InjectionRecord struct {
	Index   int        `json:"index"`
	Action  string     `json:"action"`
	Fault   string     `json:"fault"`
	Targets []string   `json:"targets,omitempty"`
	Undo    UndoRecipe `json:"undo"`
	// InjectAt is when Inject was called, InjectedAt when it returned,
	// EffectiveAt when Await returned.
	InjectAt    time.Duration `json:"injectAtNs"`
	InjectedAt  time.Duration `json:"injectedAtNs"`
	EffectiveAt time.Duration `json:"effectiveAtNs"`
	Effective   bool          `json:"effective"`
	// RecoverAt is when Recover was called, RemovedAt when it returned nil.
	RecoverAt time.Duration `json:"recoverAtNs"`
	RemovedAt time.Duration `json:"removedAtNs"`
	Removed   bool          `json:"removed"`
	// Did is by what means the fault was in effect and what it came to: packets
	// dropped. Empty when the fault does not count.
	Did string `json:"did,omitempty"`
	// Error is the first thing that went wrong; empty when nothing did.
	Error string `json:"error,omitempty"`
}

// CheckRecord is one answer of one steady-state probe.
type CheckRecord struct {
	Probe string        `json:"probe"`
	Stage Stage         `json:"stage"`
	At    time.Duration `json:"atNs"`
	OK    bool          `json:"ok"`
	// Detail says what was expected and seen when OK is false.
	Detail string `json:"detail,omitempty"`
}

// Problem is something that the engine saw and that makes a trial invalid.
type Problem struct {
	Code   Code          `json:"code"`
	At     time.Duration `json:"atNs"`
	Detail string        `json:"detail"`
}

// End says how a trial ended.
type End struct {
	// Reason is completed, interrupted, aborted or empty (killed).
	Reason EndReason     `json:"reason"`
	At     time.Duration `json:"atNs"`
	Detail string        `json:"detail,omitempty"`
	// Code is SafetyStop when the trial was aborted because the fault did more
	// harm than the scenario allows, SafetyLever when a lever was pulled;
	// otherwise empty.
	Code Code `json:"code,omitempty"`
}

// EndReason is why a trial ended.
type EndReason string

const (
	Killed      EndReason = ""
	Completed   EndReason = "completed"
	Interrupted EndReason = "interrupted"
	Aborted     EndReason = "aborted"
)
