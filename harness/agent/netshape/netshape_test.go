package netshape

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netem"
)

// way is one way; it notes what it is asked for.
type way struct {
	name  string
	fails error
	calls []string
}

func (w *way) Before(context.Context) (map[string]string, error) {
	return map[string]string{"way": w.name}, w.fails
}

func (w *way) Apply(context.Context) error {
	w.calls = append(w.calls, "apply")
	return nil
}

func (w *way) Seen(context.Context) (agent.Seen, error) { return agent.Seen{Detail: w.name}, nil }

func (w *way) Undo(context.Context, map[string]string) error {
	w.calls = append(w.calls, "undo")
	return nil
}

func making(w *way, err error) func(map[string]string) (agent.Effect, error) {
	return func(map[string]string) (agent.Effect, error) {
		if err != nil {
			return nil, err
		}
		return w, nil
	}
}

func TestTheKernelsWayIsTakenWhereThereIsOne(t *testing.T) {
	cannot := fmt.Errorf("%w: not here", netem.ErrUnsupported)
	for name, tt := range map[string]struct {
		made, before error
		want         string
	}{
		"netem can":             {nil, nil, "netem"},
		"not what is asked for": {cannot, nil, "nfqueue"},
		"not on this kernel":    {nil, cannot, "nfqueue"},
	} {
		kernel, queue := &way{name: "netem", fails: tt.before}, &way{name: "nfqueue"}
		e, err := choose(nil, making(kernel, tt.made), making(queue, nil))
		if err != nil {
			t.Fatal(err)
		}
		before, err := e.Before(t.Context())
		if err != nil || before["way"] != tt.want {
			t.Fatalf("%s: Before = %v, %v, want %s", name, before, err, tt.want)
		}
		if err := errors.Join(e.Apply(t.Context()), e.Undo(t.Context(), before)); err != nil {
			t.Error(err)
		}
		if seen, err := e.Seen(t.Context()); err != nil || seen.Detail != tt.want {
			t.Errorf("%s: Seen = %v, %v", name, seen, err)
		}
		used := map[string]*way{"netem": kernel, "nfqueue": queue}
		for which, w := range used {
			if got, want := strings.Join(w.calls, " "), map[bool]string{true: "apply undo"}[which == tt.want]; got != want {
				t.Errorf("%s: calls of %s = %q, want %q", name, which, got, want)
			}
		}
	}
}

func TestWithoutAWayBothReasonsAreTold(t *testing.T) {
	kernel, queue := &way{fails: fmt.Errorf("%w: no sch_netem", netem.ErrUnsupported)}, &way{fails: errors.New("no NFQUEUE")}
	e, err := choose(nil, making(kernel, nil), making(queue, nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Before(t.Context()); err == nil || !strings.Contains(err.Error(), "no sch_netem") || !strings.Contains(err.Error(), "no NFQUEUE") {
		t.Errorf("Before = %v", err)
	}
	if err := e.Apply(t.Context()); err == nil {
		t.Error("Apply without a way returned nil")
	}
	if err := e.Undo(t.Context(), nil); err != nil || len(kernel.calls) != 1 || len(queue.calls) != 1 {
		t.Errorf("Undo without a known way: %v, %v, %v; want both asked", err, kernel.calls, queue.calls)
	}
}

func TestWrongArgumentsAreNoMatterOfTheWay(t *testing.T) {
	wrong := errors.New("wrong")
	if _, err := choose(nil, making(nil, wrong), making(&way{}, nil)); !errors.Is(err, wrong) {
		t.Errorf("error = %v", err)
	}
	if _, err := New(map[string]string{"latency": "1ms"}); err == nil {
		t.Error("arguments without a number were taken")
	}
}
