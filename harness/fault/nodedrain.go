package fault

func nodeDrain() Kind {
	return Kind{
		Action:     "node-drain",
		Summary:    "move everything off a node in an orderly way (Kubernetes only)",
		Explain:    "Draining asks an orchestrator to place replicas elsewhere. No stack of this version has one, so the fault is refused when a scenario that names it is bound to a stack.",
		Method:     "none",
		Class:      Exclusive,
		Proof:      "none: it is refused",
		Undone:     "nothing was changed, nothing is restored",
		Example:    "{action: node-drain, target: {node: b}, at: 0s}",
		WholeNodes: true,
		bind:       refuse("node-drain", "Kubernetes only: no stack of this version can place replicas elsewhere; node-stop takes a node away without asking"),
	}
}
