package spec

import (
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

// withFault is a whole scenario with one fault.
func withFault(fault string) string {
	return `apiVersion: fournines/v1
kind: Scenario
metadata: {name: nodes}
hypothesis: losing a node costs readers nothing they can notice
load: {rate: 300/s, mix: browse}
slo: {availability: 99.99%}
faults: [` + fault + "]\n"
}

func TestFaultsOfNodesHitAllOfThem(t *testing.T) {
	for fault, want := range map[string]harness.TargetSpec{
		"{action: node-stop, target: {node: b}}":                 {Node: "b", Mode: "all"},
		"{action: node-pause, target: {node: b, mode: all}}":     {Node: "b", Mode: "all"},
		`{action: zone-outage, target: {node: "b,c"}}`:           {Node: "b,c", Mode: "all"},
		"{action: container-kill, target: {node: b}}":            {Node: "b", Mode: "one"},
		"{action: node-isolate, target: {node: 'b', mode: all}}": {Node: "b", Mode: "all"},
	} {
		s, err := Parse("f.yaml", []byte(withFault(fault)))
		if err != nil || s.Faults[0].Target != want {
			t.Errorf("%s: %+v, %v; want %+v", fault, s.Faults, err, want)
		}
	}
	for fault, want := range map[string]string{
		"{action: node-stop, target: {component: catalog}}":      "target.component: expected a node, because node-stop hits all of it, saw a component",
		"{action: node-stop, target: {node: b, mode: one}}":      `target.mode: expected mode all or none, because node-stop hits the whole node, saw "one"`,
		"{action: node-stop}":                                    "expected a component or a node",
		"{action: container-stop, target: {node: b}, grace: 1h}": `grace: expected a duration from 0s to 10s, saw "1h"`,
	} {
		if _, err := Parse("f.yaml", []byte(withFault(fault))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error = %v\nwant it to contain %s", fault, err, want)
		}
	}
}
