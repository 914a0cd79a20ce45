package controller

import (
	"fmt"
	"slices"
	"time"
)

// lostNodes are the nodes that have been silent for longer than the grace.
func (d *Decider) lostNodes(now time.Time, v View) (lost []string) {
	for node := range d.silentNodes {
		if !slices.Contains(v.NodesDown, node) {
			delete(d.silentNodes, node)
			if _, known := d.bad[node]; known {
				delete(d.bad, node)
				d.tell(now, HealedKind, node, "the node answers again")
			}
		}
	}
	for _, node := range v.NodesDown {
		since, known := d.silentNodes[node]
		if !known {
			since = now
			d.silentNodes[node] = now
		}
		if now.Sub(since) < d.timing.NodeGrace {
			d.wakeAt(since.Add(d.timing.NodeGrace))
			continue
		}
		d.notice(now, node, fmt.Sprintf("the node has been silent for %v", d.timing.NodeGrace))
		lost = append(lost, node)
	}
	return lost
}

// nodesOf are all nodes that replicas are placed on, without the lost ones.
func nodesOf(v View, lost []string) (nodes []string) {
	for _, r := range v.Replicas {
		if r.Node != "" && !slices.Contains(nodes, r.Node) && !slices.Contains(lost, r.Node) && !slices.Contains(v.NodesDown, r.Node) {
			nodes = append(nodes, r.Node)
		}
	}
	slices.Sort(nodes)
	return nodes
}
