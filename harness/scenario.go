package harness

import "time"

// Scenario is one falsifiable statement about a stack and how to test it. It
// is a value, reusable, and holds no run state. Package spec reads it from
// YAML; Validate reports all problems at once.
type Scenario struct {
	// Name is kebab-case, unique and stable: test ID, report anchor, JUnit case.
	Name string `json:"name"`
	// Labels say which suites and capabilities the scenario belongs to, for
	// example "suite": ["smoke", "pr"].
	Labels map[string][]string `json:"labels,omitempty"`
	// Hypothesis is one sentence that could turn out false.
	Hypothesis string `json:"hypothesis"`
	// Stack is how the stack has to be built; nil when any will do.
	Stack  *StackSpec  `json:"stack,omitempty"`
	Load   LoadSpec    `json:"load"`
	Stages Stages      `json:"stages"`
	Faults []FaultSpec `json:"faults,omitempty"`
	SLO    SLO         `json:"slo"`
	Limits Limits      `json:"limits"`
	// Safety is when a trial is given up; nil means the default (see
	// SafetyStop).
	Safety *Safety `json:"safety,omitempty"`
	// RiskClass names a row of the risk catalogue; empty when there is none.
	RiskClass string `json:"riskClass,omitempty"`
	// Trials is the number of injections that each tier (pr, nightly,
	// release) asks for; a missing tier means 1.
	Trials map[string]int `json:"trials,omitempty"`
	// Source is the file that the scenario was read from, for annotations.
	Source string `json:"source,omitempty"`
}

// LoadSpec describes open-loop traffic.
type LoadSpec struct {
	// Rate is scheduled requests per second; > 0.
	Rate float64 `json:"ratePerSecond"`
	// Mix names a set of requests that the stack knows, such as "browse".
	// Empty when URL is set.
	Mix string `json:"mix,omitempty"`
	// URL is the absolute http or https address of an endpoint that is only
	// observed, or of the edge of an attached stack: every request is a GET of
	// it. Empty when Mix is set.
	URL string `json:"url,omitempty"`
	// Expect is the HTTP status of a right answer of URL; 0 means any of 200
	// to 299.
	Expect int `json:"expect,omitempty"`
	// Timeout bounds one request, counted from its sending; > 0.
	Timeout time.Duration `json:"timeoutNs"`
}

// FaultSpec says what is to be broken, where and when. Action and Params are
// defined by package fault.
type FaultSpec struct {
	Action string     `json:"action"`
	Target TargetSpec `json:"target"`
	// At is the offset from the start of Disruption; >= 0.
	At time.Duration `json:"atNs"`
	// Duration is how long the fault stays in effect; 0 means until the end
	// of Disruption.
	Duration time.Duration `json:"durationNs"`
	// Params are the action's own parameters as written, by name.
	Params map[string]string `json:"params,omitempty"`
}

// TargetSpec selects replicas. Exactly one of Component and Node is set,
// except for faults that hit nothing (noop).
type TargetSpec struct {
	Component string `json:"component,omitempty"`
	// Node is a failure domain, or several with commas between them: "b,c".
	Node string `json:"node,omitempty"`
	// Mode is one of Modes.
	Mode string `json:"mode,omitempty"`
	// Value is the count for fixed and the percentage (0 to 100) for the
	// percent modes; unused otherwise.
	Value float64 `json:"value,omitempty"`
}

// SLO is the objective that steady state is held to, and what makes an event
// good.
type SLO struct {
	// Availability is the target as a fraction in (0,1), e.g. 0.9999.
	Availability float64 `json:"availability"`
	// LatencyBound makes a slower answer a bad event; 0 means no bound
	// besides the request's timeout.
	LatencyBound time.Duration `json:"latencyBoundNs,omitempty"`
	// LatencyQuantiles are limits by quantile, one of Quantiles: {p99: 250ms}
	// asks that p99 of answered events is at most 250 ms in the judged window,
	// with a fault and without.
	LatencyQuantiles map[string]time.Duration `json:"latencyQuantilesNs,omitempty"`
	// Burst is how many requests one cause of failure costs at most, so that
	// failures which come together count as one; 0 when it is not known, else
	// >= 1.
	Burst float64 `json:"burst,omitempty"`
	// Timeslices makes Availability a share of good time slices; nil is a
	// share of good requests.
	Timeslices *Timeslices `json:"timeslices,omitempty"`
}

// Limits is what one injection may cost at most. A nil limit is not checked.
type Limits struct {
	// FailedFraction is bad events / scheduled events over Disruption and
	// Recovery, in [0,1].
	FailedFraction *float64       `json:"failedFraction,omitempty"`
	Downtime       *time.Duration `json:"downtimeNs,omitempty"`
	Detection      *time.Duration `json:"detectionNs,omitempty"`
	Diagnosis      *time.Duration `json:"diagnosisNs,omitempty"`
	Repair         *time.Duration `json:"repairNs,omitempty"`
	// Recovery limits the sum of the phases, t6-t0.
	Recovery *time.Duration `json:"recoveryNs,omitempty"`
	// LostWrites, DuplicatedWrites and PhantomWrites limit what a ledger of the
	// load's writes comes to, and RPO the time of acknowledged writes that is
	// lost; see LedgerRecord.
	LostWrites       *int           `json:"lostWrites,omitempty"`
	DuplicatedWrites *int           `json:"duplicatedWrites,omitempty"`
	PhantomWrites    *int           `json:"phantomWrites,omitempty"`
	RPO              *time.Duration `json:"rpoNs,omitempty"`
	// VerifiedRestore limits the time from the first fault's effect until the
	// backup has restored a copy of the database and found it the same.
	VerifiedRestore *time.Duration `json:"verifiedRestoreNs,omitempty"`
	// ScaleOut limits the time from the first fault's effect until a gateway has
	// taken up a replica that the controller placed after it.
	ScaleOut *time.Duration `json:"scaleOutNs,omitempty"`
}
