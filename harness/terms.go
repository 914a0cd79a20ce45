package harness

// Terms are what a run holds a scenario to besides the scenario's own limits,
// and what earlier runs have shown. They are part of the evidence, so that
// judging it again needs nothing else.
type Terms struct {
	// Tier is the name of one of Tiers: how sure the run wants to be of an
	// injection. Empty means that every injection is held to the limits for
	// itself.
	Tier string `json:"tier,omitempty"`
	// Checks is how many statistical checks the run declared before it began
	// (see Checks); less than 1 is 1.
	Checks int `json:"checks,omitempty"`
	// Carried is what earlier runs of the same scenario on the same build
	// contribute, oldest first (see Carry).
	Carried []Carried `json:"carried,omitempty"`
	// Baseline is what the run is compared with; nil for nothing.
	Baseline *BaselineSummary `json:"baseline,omitempty"`
}

// Carried is what one earlier run contributes: the counts at which it stopped.
// The evidence that they stand for multiplies with that of other runs.
type Carried struct {
	RunID string `json:"runId"`
	// Requests are those of the Baselines of a scenario without faults, Bad
	// and BadSeconds how many of them failed and in how many distinct seconds.
	Requests   int `json:"requests,omitempty"`
	Bad        int `json:"bad,omitempty"`
	BadSeconds int `json:"badSeconds,omitempty"`
	// Episodes are the sizes of the episodes in which requests failed.
	Episodes []int `json:"episodes,omitempty"`
	// Injections are the sound trials of a scenario with faults: Exceeding of
	// them missed a limit, of Unclear ones that could not be told.
	Injections int `json:"injections,omitempty"`
	Exceeding  int `json:"exceeding,omitempty"`
	Unclear    int `json:"unclear,omitempty"`
}

// WithTerms records what the run holds the scenario to.
func WithTerms(t Terms) Option { return func(o *options) { o.terms = t } }

// Checks is how many statistical checks a run of these scenarios declares: one
// for each scenario without faults, and under a tier one for each with faults;
// against a baseline also one for how often requests fail in each scenario, and
// with faults one for each time that is compared. A plain count held to a limit
// is no statistical check.
func Checks(scenarios []Scenario, tier string, baseline bool) int {
	n := 0
	for _, s := range scenarios {
		if len(s.Faults) == 0 || tier != "" {
			n++
		}
		if baseline {
			n += regressionChecks(s)
		}
	}
	return n
}
