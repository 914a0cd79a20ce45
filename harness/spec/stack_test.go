package spec

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

// stackHead is a scenario but for what its stack has to be like.
const stackHead = `apiVersion: fournines/v1
kind: Scenario
metadata: {name: s}
hypothesis: more replicas come when there is more to do
load: {rate: 10/s, mix: browse}
slo: {availability: 99.9%}
`

func TestAScenarioSaysHowItsStackIsBuilt(t *testing.T) {
	s, err := Parse("f.yaml", []byte(stackHead+`stack:
  cores: {catalog: 0.1}
  work: {catalog: 3ms}
  autoscale:
    catalog: {metric: cpu, target: 70%, max: 6, window: 15s}
    orders: {metric: requests, target: 100/s, min: 4}
  clientRate: 300/s
  drill: 30s
`))
	if err != nil {
		t.Fatal(err)
	}
	want := &harness.StackSpec{
		Cores: map[string]float64{"catalog": 0.1},
		Work:  map[string]time.Duration{"catalog": 3 * time.Millisecond},
		Autoscale: map[string]harness.ScaleSpec{
			"catalog": {Metric: "cpu", Target: 0.7, Max: 6, Window: 15 * time.Second},
			"orders":  {Metric: "requests", Target: 100, Min: 4},
		},
		ClientRate: 300,
		Drill:      30 * time.Second,
	}
	if diff := cmp.Diff(want, s.Stack); diff != "" {
		t.Errorf("stack (-want +read):\n%s", diff)
	}
	if s, err := Parse("f.yaml", []byte(stackHead)); err != nil || s.Stack != nil {
		t.Errorf("a scenario that asks for nothing: %+v, %v", s.Stack, err)
	}
}

func TestWhatIsWrongWithAStackIsSaidWhereItIsWritten(t *testing.T) {
	for _, tt := range []struct{ rule, stack, want string }{
		{"an unknown field", "{core: 1}", `f.yaml:7:9: stack: unknown field "core"; expected cores, work, autoscale, clientRate, drill; did you mean "cores"?`},
		{"cores that are no number", "{cores: {catalog: few}}", `f.yaml:7:26: stack.cores.catalog: expected a number`},
		{"no processor", "{cores: {catalog: 0}}", `f.yaml:7:26: stack.cores.catalog: expected more than 0`},
		{"an unknown metric", "{autoscale: {catalog: {metric: cpus, target: 70%}}}", `stack.autoscale.catalog.metric: expected a metric (cpu, memory, requests), saw "cpus"; did you mean "cpu"?`},
		{"a target without a unit", "{autoscale: {catalog: {metric: cpu, target: 70}}}", `stack.autoscale.catalog.target: expected a share such as 70%`},
		{"a target in the wrong unit", "{autoscale: {catalog: {metric: cpu, target: 70/s}}}", `stack.autoscale.catalog.target: expected above 0% and up to 100%`},
		{"no target", "{autoscale: {catalog: {metric: cpu}}}", `expected field "target", which is missing`},
		{"a drill without a unit", "{drill: 30}", `f.yaml:7:16: stack.drill: expected a duration such as 250ms, 10s or 1m30s, saw "30"; the unit is missing`},
		{"a drill on a drill", "{drill: 4s}", `f.yaml:7:16: stack.drill: expected 5s to 24h0m0s, saw "4s"`},
		{"a list of components", "{cores: [catalog]}", `stack.cores: expected a mapping`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := Parse("f.yaml", []byte(stackHead+"stack: "+tt.stack+"\n"))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v\nwant  %s", err, tt.want)
			}
		})
	}
}
