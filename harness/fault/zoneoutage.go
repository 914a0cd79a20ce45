package fault

func zoneOutage() Kind {
	return Kind{
		Action:     "zone-outage",
		Summary:    "end everything on several nodes at once, as when a zone fails",
		Explain:    "The main process of every replica that is placed on any of the nodes is killed at the same time, without a drain. A target names the nodes with commas between them.",
		Method:     "the container engine kills every container of the nodes",
		Class:      ProcessDown,
		Proof:      "every container of the nodes has exited and its readiness check is refused",
		Undone:     "every container of the nodes is started again unless something else did so already, and is ready",
		Example:    `{action: zone-outage, target: {node: "b,c"}, at: 0s}`,
		WholeNodes: true,
		bind:       stopAll("zone-outage", holdsNode),
	}
}
