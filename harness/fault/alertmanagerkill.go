package fault

import "github.com/fournines/fournines/harness"

func alertmanagerKill() Kind {
	return Kind{
		Action:      "alertmanager-kill",
		Summary:     "kill what sends alerts to people: they fire and nobody is paged",
		Explain:     "The main process of Alertmanager is killed without a drain. Prometheus goes on and raises its alerts; none is sent while Alertmanager is away. What is still firing when it is back is sent then, because Prometheus reminds it.",
		Method:      "the container engine kills the container",
		Class:       ProcessDown,
		Proof:       "the container has exited and Alertmanager's API refuses connections",
		Undone:      "the container is started again unless something else did so already, and Alertmanager says that it is ready",
		Example:     "{action: alertmanager-kill, target: {component: alertmanager}, at: 0s}",
		DefaultMode: harness.All,
		bind: func(b Binding) (harness.Fault, error) {
			if err := ofComponent("alertmanager-kill", alertmanagerComponent, b.Targets); err != nil {
				return nil, err
			}
			return stopAll("alertmanager-kill", holdsReplica)(b)
		},
	}
}
