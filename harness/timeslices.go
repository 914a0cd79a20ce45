package harness

import "time"

// Timeslices makes an availability a share of good time slices instead of good
// requests: OpenSLO's budgeting method of that name.
type Timeslices struct {
	// Target is the least share of good requests in a good slice, in (0,1].
	Target float64 `json:"target"`
	// Window is the length of a slice: a whole number of TickWidth, more than
	// 0 and at most MaxStage.
	Window time.Duration `json:"windowNs"`
}

func (t Timeslices) validate(v *validation) {
	v.check(t.Target > 0 && t.Target <= 1, "slo.timeslices.target", t.Target, "a fraction above 0 and up to 1")
	v.check(t.Window > 0 && t.Window <= MaxStage && t.Window%TickWidth == 0, "slo.timeslices.window", t.Window,
		"more than 0s, at most "+MaxStage.String()+", in steps of "+TickWidth.String())
}
