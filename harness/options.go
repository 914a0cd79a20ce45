package harness

import (
	"io"
	"time"
)

// Option changes how Run works; the defaults need none.
type Option func(*options)

type options struct {
	runID       string
	tool        ToolInfo
	environment map[string]string
	sink        io.Writer
	scratch     string
	progress    func(Progress)
	stop        StopRule
	journal     Journal
	terms       Terms
	command     []string
	levers      []Probe
	checkpoint  func(Checkpoint)
	started     func(Header)
	// wall reads the wall clock, without a monotonic reading.
	wall func() time.Time
}

// WithRunID names the run that the trial belongs to.
func WithRunID(id string) Option { return func(o *options) { o.runID = id } }

// WithTool records which build of fournines ran the trial.
func WithTool(t ToolInfo) Option { return func(o *options) { o.tool = t } }

// WithEnvironment records the fingerprint that baselines must share.
func WithEnvironment(env map[string]string) Option {
	return func(o *options) { o.environment = env }
}

// WithCommand records the command line that runs the scenario again, word by
// word, the program first.
func WithCommand(words []string) Option { return func(o *options) { o.command = words } }

// WithSink appends the evidence to w as it is gathered: whole JSON lines, at
// least once per second, readable by ReadEvidence. A write that fails ends the
// trial with an error after the fault was recovered. Run does not close w.
func WithSink(w io.Writer) Option { return func(o *options) { o.sink = w } }

// WithScratch says in which folder Run keeps the evidence until the trial ends:
// about 2 KB for each second of load and of each prober, in a file that loses
// its name as soon as it is open, so that nothing is left of it whatever
// becomes of the process (where files in use keep their names: once Run has
// returned). Without it, and with "", that is os.TempDir. Run reads the file at
// the end. When it can be neither written nor read, that is an error of Run and
// a Problem in the evidence, and the sink still has everything.
func WithScratch(dir string) Option { return func(o *options) { o.scratch = dir } }

// WithProgress calls f about four times per second and on every notable
// moment. f is never called concurrently, must not block and must not call
// back into the harness.
func WithProgress(f func(Progress)) Option { return func(o *options) { o.progress = f } }

// WithStarted calls f once, with what is known before the trial: Header.Start is
// the base that all its times count from. f must not block.
func WithStarted(f func(Header)) Option { return func(o *options) { o.started = f } }

// Progress is what a person watching a trial wants to know.
type Progress struct {
	Scenario string
	Trial    int
	Stage    Stage
	// Elapsed counts from the trial's start, Left is the planned rest.
	Elapsed, Left time.Duration
	// Scheduled and Bad count events so far.
	Scheduled, Bad int
	// P99 is the 99th percentile of the latest full second; 0 before that.
	P99 time.Duration
	// Note is set when something notable just happened: "injected …".
	Note string
}
