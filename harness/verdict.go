package harness

// VerdictSchema is the version of Verdict's JSON form.
const VerdictSchema = 1

// Verdict is what Judge says of the evidence for one scenario: the worst of
// its findings that are not advisory; no findings means Inconclusive.
type Verdict struct {
	Schema     int     `json:"schema"`
	RunID      string  `json:"runId,omitempty"`
	Scenario   string  `json:"scenario"`
	Hypothesis string  `json:"hypothesis"`
	Outcome    Outcome `json:"outcome"`
	// Sentence is the verdict in one plain sentence.
	Sentence string        `json:"sentence"`
	Findings []Finding     `json:"findings"`
	Trials   []Measurement `json:"trials"`
	// Stack is what the evidence came from.
	Stack StackInfo `json:"stack"`
}

// Finding is one judged statement.
type Finding struct {
	// Check is what was judged: "trial", "failed", "downtime", "detection",
	// "diagnosis", "repair", "recovery", "latency-p99", "lostWrites",
	// "duplicatedWrites", "phantomWrites", "rpo", "verifiedRestore", "scaleOut", "probes", "safety", "false-alarms",
	// "steady-state", "injections", "regression-episodes",
	// "regression-detection", "regression-recovery", "regression-downtime",
	// "safety".
	Check string `json:"check"`
	// Trial counts from 1; 0 means that the finding is about all trials.
	Trial   int     `json:"trial,omitempty"`
	Stage   Stage   `json:"stage,omitempty"`
	Subject string  `json:"subject,omitempty"`
	Outcome Outcome `json:"outcome"`
	Code    Code    `json:"code,omitempty"`
	// Advisory findings are shown but never decide.
	Advisory bool `json:"advisory,omitempty"`
	// Measured, Resolution and Limit are in words with units: "1.20 s",
	// "±0.10 s", "≤ 2 s". MeasuredValue and LimitValue are the same as numbers
	// in base units (seconds, fractions, counts); nil when not measured.
	Measured      string   `json:"measured,omitempty"`
	Resolution    string   `json:"resolution,omitempty"`
	Limit         string   `json:"limit,omitempty"`
	MeasuredValue *float64 `json:"measuredValue,omitempty"`
	LimitValue    *float64 `json:"limitValue,omitempty"`
	// Coarse says that the measurement cannot tell whether the limit was kept:
	// a pass is as far as can be told, and Resolution says why.
	Coarse bool `json:"coarse,omitempty"`
	// Confidence is one-sided, in (0,1); 0 when the finding is a plain
	// measurement.
	Confidence float64 `json:"confidence,omitempty"`
	// Statistic is what a statistical claim rests on; nil for a plain
	// measurement.
	Statistic *Statistic `json:"statistic,omitempty"`
	// Reason is a sentence; Needs says what would make it conclusive.
	Reason string `json:"reason"`
	Needs  string `json:"needs,omitempty"`
	// Evidence points at what the finding rests on: "outage 1", "signal 3".
	Evidence []string `json:"evidence,omitempty"`
}
