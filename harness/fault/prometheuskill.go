package fault

import "github.com/fournines/fournines/harness"

func prometheusKill() Kind {
	return Kind{
		Action:      "prometheus-kill",
		Summary:     "kill the monitoring: nothing is measured and nobody is paged",
		Explain:     "The main process of Prometheus is killed without a drain. No alert is raised while it is away, and what was pending is forgotten.",
		Method:      "the container engine kills the container",
		Class:       ProcessDown,
		Proof:       "the container has exited and Prometheus's API refuses connections",
		Undone:      "the container is started again unless something else did so already, and Prometheus says that it is ready",
		Example:     "{action: prometheus-kill, target: {component: prometheus}, at: 0s}",
		DefaultMode: harness.All,
		bind: func(b Binding) (harness.Fault, error) {
			if err := ofComponent("prometheus-kill", prometheusComponent, b.Targets); err != nil {
				return nil, err
			}
			return stopAll("prometheus-kill", holdsReplica)(b)
		},
	}
}
