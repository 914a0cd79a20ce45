package harness

import (
	"fmt"
	"math"
)

// noNumber names the first field of the scenario that holds something no
// evidence can be compared with: not a number, or one without an end. A NaN
// limit would be kept by whatever was measured. "" when there is none.
func noNumber(s Scenario) string {
	type field struct {
		name  string
		value float64
	}
	fields := []field{{"load.rate", s.Load.Rate}, {"slo.availability", s.SLO.Availability}, {"slo.burst", s.SLO.Burst}}
	if f := s.Limits.FailedFraction; f != nil {
		fields = append(fields, field{"limits.failed", *f})
	}
	if t := s.SLO.Timeslices; t != nil {
		fields = append(fields, field{"slo.timeslices.target", t.Target})
	}
	for _, f := range fields {
		if math.IsNaN(f.value) || math.IsInf(f.value, 0) {
			return f.name
		}
	}
	return ""
}

// unjudgeable is the finding about a field that holds no number.
func unjudgeable(field string) Finding {
	return Finding{
		Check: "trial", Outcome: Invalid, Code: HarnessError,
		Reason: fmt.Sprintf("%s of the scenario is no number, so nothing can be held to it.", field),
		Needs:  "a scenario that Validate accepts",
	}
}
