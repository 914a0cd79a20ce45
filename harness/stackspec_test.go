package harness

import (
	"strings"
	"testing"
	"time"
)

func TestStackSpecValidate(t *testing.T) {
	scaled := func(s ScaleSpec) StackSpec { return StackSpec{Autoscale: map[string]ScaleSpec{"catalog": s}} }
	for _, tt := range []struct {
		rule string
		spec StackSpec
		want string // empty for nothing
	}{
		{"nothing is asked for", StackSpec{}, ""},
		{"cpu", scaled(ScaleSpec{Metric: "cpu", Target: .7, Max: 6, Window: time.Second}), ""},
		{"requests", scaled(ScaleSpec{Metric: "requests", Target: 100, Min: 3}), ""},
		{"an unknown metric", scaled(ScaleSpec{Metric: "luck", Target: .7}), "stack.autoscale.catalog.metric: want cpu, memory or requests"},
		{"cpu by the second", scaled(ScaleSpec{Metric: "cpu", Target: 70}), "stack.autoscale.catalog.target: want above 0%"},
		{"requests in percent", scaled(ScaleSpec{Metric: "requests", Target: .7}), "stack.autoscale.catalog.target: want 1/s"},
		{"more than the most", scaled(ScaleSpec{Metric: "cpu", Target: .7, Min: 5, Max: 4}), "stack.autoscale.catalog.max"},
		{"no processor", StackSpec{Cores: map[string]float64{"catalog": 0}}, "stack.cores.catalog"},
		{"a drill", StackSpec{Drill: MinDrill}, ""},
		{"a drill on a drill", StackSpec{Drill: MinDrill - 1}, "stack.drill: want 5s to 24h0m0s"},
		{"a drill that nobody lives to see", StackSpec{Drill: MaxDrill + 1}, "stack.drill"},
		{"a drill into the past", StackSpec{Drill: -time.Minute}, "stack.drill"},
		{"no work", StackSpec{Work: map[string]time.Duration{"catalog": 0}}, "stack.work.catalog"},
		{"no request", StackSpec{ClientRate: .5}, "stack.clientRate"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			v := &validation{}
			tt.spec.validate(v)
			var said []string
			for _, p := range v.problems {
				said = append(said, p.Error())
			}
			if (len(said) == 0) != (tt.want == "") || tt.want != "" && !strings.Contains(strings.Join(said, "\n"), tt.want) {
				t.Errorf("problems %q, want %q", said, tt.want)
			}
		})
	}
}
