package fault

import "fmt"

// The faults of what watches the stack: requests go on, and nobody is told of
// whatever else happens.

// What the monitoring, and what sends its alerts to people, are called in a
// stack.
const (
	prometheusComponent   = "prometheus"
	alertmanagerComponent = "alertmanager"
)

// ofComponent refuses targets of another component.
func ofComponent(action, component string, targets []Target) error {
	for _, t := range targets {
		if placed, ok := t.(interface{ Component() string }); ok && placed.Component() != component {
			return fmt.Errorf("%s %q: want the component %q, saw one of %q", action, t.Name(), component, placed.Component())
		}
	}
	return nil
}
