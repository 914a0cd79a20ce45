package fault

func nodeStop() Kind {
	return Kind{
		Action:     "node-stop",
		Summary:    "end everything on a node at once, as when a machine loses power",
		Explain:    "The main process of every replica that is placed on the node is killed at the same time, without a drain. Nothing on it comes back before the fault ends: the controller sees a node that does not answer, and can only place replicas elsewhere.",
		Method:     "the container engine kills every container of the node",
		Class:      ProcessDown,
		Proof:      "every container of the node has exited and its readiness check is refused",
		Undone:     "every container of the node is started again unless something else did so already, and is ready",
		Example:    "{action: node-stop, target: {node: b}, at: 0s}",
		WholeNodes: true,
		bind:       stopAll("node-stop", holdsNode),
	}
}
