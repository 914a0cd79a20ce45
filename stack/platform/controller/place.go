package controller

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// freeName is the name of the next replica of a component: the lowest number
// above those that it was brought up with that nobody has.
func freeName(w Want, taken func(string) bool) string {
	for n := w.Replicas + 1; ; n++ {
		if name := fmt.Sprintf("%s-%d", w.Component, n); !taken(name) {
			return name
		}
	}
}

// number is the N of "component-N"; 1 for a replica without one.
func number(name string) int {
	if n, err := strconv.Atoi(name[strings.LastIndex(name, "-")+1:]); err == nil {
		return n
	}
	return 1
}

// bestNode is where to place one more replica of a component: the node with the
// fewest of them, then with the fewest replicas of any kind, then the first by
// name. Empty when every node is lost.
func bestNode(component string, nodes []string, placed []Replica) string {
	count := func(node string, same bool) (n int) {
		for _, r := range placed {
			if r.Node == node && (!same || r.Component == component) {
				n++
			}
		}
		return n
	}
	if len(nodes) == 0 {
		return ""
	}
	return slices.MinFunc(nodes, func(a, b string) int {
		return cmp.Or(cmp.Compare(count(a, true), count(b, true)), cmp.Compare(count(a, false), count(b, false)), cmp.Compare(a, b))
	})
}
