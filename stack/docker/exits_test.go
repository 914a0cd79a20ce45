package docker

import (
	"testing"

	"github.com/fournines/fournines/stack"
)

func TestExitsReachEveryListenerUntilItStops(t *testing.T) {
	var x exits
	var first, second []string
	stop := x.listen(func(e stack.Event) { first = append(first, e.Replica) })
	defer x.listen(func(e stack.Event) { second = append(second, e.Replica) })()
	x.announce(stack.Event{Replica: "a"})
	stop()
	x.announce(stack.Event{Replica: "b"})
	if len(first) != 1 || len(second) != 2 {
		t.Errorf("the first heard %v, the second %v; want a, and a and b", first, second)
	}
}
