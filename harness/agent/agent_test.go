package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// door is an effect with a known state before, which outlives its agents.
type door struct {
	state string
	// stuck is how often Undo fails.
	stuck      int
	applyFails bool
}

func (d *door) Before(context.Context) (map[string]string, error) {
	return map[string]string{"state": d.state}, nil
}

func (d *door) Apply(context.Context) error {
	d.state = "half shut"
	if d.applyFails {
		return errors.New("it jams")
	}
	d.state = "shut"
	return nil
}

func (d *door) Seen(context.Context) (Seen, error) {
	return Seen{Active: d.state == "shut", Detail: d.state}, nil
}

func (d *door) Undo(_ context.Context, before map[string]string) error {
	if d.stuck > 0 {
		d.stuck--
		return errors.New("it is stuck")
	}
	d.state = before["state"]
	return nil
}

// serve runs an agent for d and a client that has prepared it.
func serve(t *testing.T, ctx context.Context, d *door) (*Client, <-chan error) {
	t.Helper()
	here, there := net.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, there, there, Table{"door": func(map[string]string) (Effect, error) { return d, nil }})
		there.Close()
	}()
	c := Dial(here)
	if before, err := c.Prepare(t.Context(), Spec{Effect: "door"}); err != nil || before["state"] != "open" {
		t.Fatalf("Prepare = %v, %v", before, err)
	}
	return c, ended
}

func TestAgentUndoesHoweverItEnds(t *testing.T) {
	nothing := func(*testing.T, *Client, func()) {}
	for name, tt := range map[string]struct {
		end  func(t *testing.T, c *Client, cancel func())
		wait time.Duration
	}{
		"asked to": {func(t *testing.T, c *Client, _ func()) {
			if err := c.Undo(t.Context()); err != nil {
				t.Error(err)
			}
		}, 0},
		"the harness goes away":    {func(_ *testing.T, c *Client, _ func()) { c.Close() }, 0},
		"the harness falls silent": {func(_ *testing.T, c *Client, _ func()) { c.quiet() }, Silence + time.Second},
		"the time is over":         {nothing, time.Minute + time.Second},
		"told to end":              {func(_ *testing.T, _ *Client, cancel func()) { cancel() }, 0},
	} {
		for _, stuck := range []int{0, 3} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					d := &door{state: "open", stuck: stuck}
					c, ended := serve(t, ctx, d)
					if err := c.Apply(t.Context(), time.Minute); err != nil {
						t.Fatal(err)
					}
					time.Sleep(2 * Silence) // beats keep it
					if seen, err := c.Seen(t.Context()); err != nil || !seen.Active {
						t.Fatalf("while it holds: %+v, %v", seen, err)
					}
					tt.end(t, c, cancel)
					time.Sleep(tt.wait)
					if err := <-ended; err != nil {
						t.Error(err)
					}
					if d.state != "open" {
						t.Errorf("the door is %s", d.state)
					}
					c.Close()
				})
			})
		}
	}
}

func TestAgentThatCannotUndoSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &door{state: "open", stuck: 1 << 20}
		c, ended := serve(t, t.Context(), d)
		if err := c.Apply(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		c.Close()
		if err := <-ended; err == nil || !strings.Contains(err.Error(), "because the harness went away: it is stuck") {
			t.Errorf("Serve = %v", err)
		}
	})
}

func TestApplyThatFailsLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &door{state: "open", applyFails: true}
		c, ended := serve(t, t.Context(), d)
		if err := c.Apply(t.Context(), time.Minute); err == nil || !strings.Contains(err.Error(), "it jams") {
			t.Errorf("Apply = %v", err)
		}
		if d.state != "open" {
			t.Errorf("the door is %s", d.state)
		}
		c.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// lacking is an effect that the machine cannot do.
type lacking struct{ door }

func (*lacking) Before(context.Context) (map[string]string, error) {
	return nil, fmt.Errorf("no such module: %w", errors.ErrUnsupported)
}

func TestWhatIsUnsupportedIsToldApart(t *testing.T) {
	for effect, want := range map[string]bool{"lacking": true, "unknown": false} {
		here, there := net.Pipe()
		ended := make(chan error, 1)
		go func() {
			ended <- Serve(t.Context(), there, there, Table{"lacking": func(map[string]string) (Effect, error) { return &lacking{}, nil }})
			there.Close()
		}()
		c := Dial(here)
		if _, err := c.Prepare(t.Context(), Spec{Effect: effect}); err == nil || errors.Is(err, errors.ErrUnsupported) != want {
			t.Errorf("%s: Prepare = %v, want unsupported: %v", effect, err, want)
		}
		c.Close()
		<-ended
	}
}

func TestIdleAgentEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &door{state: "open"}
		c, ended := serve(t, t.Context(), d)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := c.Apply(t.Context(), time.Minute); !errors.Is(err, ErrLost) {
			t.Errorf("Apply = %v, want %v", err, ErrLost)
		}
		c.Close()
	})
}

func TestAnotherAgentRestores(t *testing.T) {
	d := &door{state: "shut"} // by an agent that was killed
	here, there := net.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(t.Context(), there, there, Table{"door": func(map[string]string) (Effect, error) { return d, nil }})
		there.Close()
	}()
	c := Dial(here)
	defer c.Close()
	if err := c.Restore(t.Context(), Spec{Effect: "door"}, map[string]string{"state": "open"}); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil || d.state != "open" {
		t.Errorf("Serve = %v, the door is %s", err, d.state)
	}
}

func TestAgentRefuses(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"an unknown effect":        {`{"id":1,"do":"prepare","spec":{"effect":"dor"}}`, `unknown effect \"dor\": want one of idle`},
		"apply before prepare":     {`{"id":1,"do":"apply"}`, `want the request \"prepare\" first`},
		"a second spec":            {`{"id":1,"do":"prepare","spec":{"effect":"idle"}}{"id":2,"do":"prepare","spec":{"effect":"idle"}}`, "one spec for each agent"},
		"an unknown request":       {`{"id":1,"do":"prepare","spec":{"effect":"idle"}}{"id":2,"do":"dance"}`, `unknown request \"dance\"`},
		"a prepare without a spec": {`{"id":1,"do":"prepare"}`, "one spec for each agent"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if err := Serve(t.Context(), strings.NewReader(c.in), &out, Table{"idle": Idle}); err != nil {
				t.Error(err)
			}
			if !strings.Contains(out.String(), c.want) {
				t.Errorf("replied %s, want %s", out.String(), c.want)
			}
		})
	}
}

func TestGarbageEndsTheAgent(t *testing.T) {
	if err := Serve(t.Context(), strings.NewReader("][ nonsense"), io.Discard, Table{"idle": Idle}); err != nil {
		t.Error(err)
	}
}

func TestTableIsListedInErrors(t *testing.T) {
	table := maps.Clone(Table{"b": Idle, "a": Idle})
	if _, err := table.New(Spec{Effect: "c"}); err == nil || !strings.Contains(err.Error(), "a, b") {
		t.Errorf("New = %v", err)
	}
}
