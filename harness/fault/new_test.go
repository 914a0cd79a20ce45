package fault

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// stone is a target that can do nothing.
type stone struct{}

func (stone) Name() string { return "stone-1" }
func (stone) ID() string   { return "stone-1" }

func TestCatalogueExplainsEveryKind(t *testing.T) {
	if all := slices.Sorted(slices.Values(Actions())); len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("an action is there twice: %v", all)
	}
	for _, k := range Catalogue() {
		t.Run(k.Action, func(t *testing.T) {
			found, ok := Lookup(k.Action)
			if !ok || found.Action != k.Action {
				t.Errorf("Lookup(%q) = %q, %v", k.Action, found.Action, ok)
			}
			if k.Summary == "" || k.Explain == "" || k.Proof == "" || k.Undone == "" || !strings.Contains(k.Example, k.Action) {
				t.Errorf("incomplete: %+v", k)
			}
			for _, p := range k.Params {
				if p.Explain == "" || p.Form() == "" {
					t.Errorf("parameter %q is not explained", p.Name)
				}
				if err := p.Check(p.Example); err != nil {
					t.Errorf("example: %v", err)
				}
				if err := p.Check(p.Default); err != nil && !p.Required {
					t.Errorf("default: %v", err)
				}
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	one := []Target{newReplica("catalog-1")}
	for _, tt := range []struct {
		name    string
		action  string
		params  map[string]string
		targets []Target
		want    string
	}{
		{"an unknown action, with the nearest", "container-kil", nil, one, "unknown action \"container-kil\": want one that `fournines list` shows; did you mean \"container-kill\"?"},
		{"a fault that matches nothing", "container-kill", nil, nil, `container-kill: no target`},
		{"a pause that matches nothing", "container-pause", nil, []Target{}, `container-pause: no target`},
		{"an unknown parameter", "container-kill", map[string]string{"sginal": "KILL"}, one, `unknown parameter "sginal": want signal`},
		{"any parameter where there is none", "container-pause", map[string]string{"signal": "KILL"}, one, `unknown parameter "signal": want none`},
		{"a value that is not allowed", "container-kill", map[string]string{"signal": "HUP"}, one, `parameter "signal": want one of KILL, TERM, saw "HUP"`},
		{"a target that cannot be killed", "container-kill", nil, []Target{stone{}}, `want a target that is a fault.Killer, saw a fault.stone`},
		{"a target that cannot be paused", "container-pause", nil, []Target{stone{}}, `want a target that is a fault.Pauser`},
		{"a target that is named twice", "container-kill", nil, append(one, one...), `target "catalog-1" is named twice`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.action, Binding{Values: tt.params, Targets: tt.targets})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("New error = %v\nwant it to contain %s", err, tt.want)
			}
		})
	}
}

func TestNoopTouchesNothing(t *testing.T) {
	r := newReplica("catalog-1")
	for _, targets := range [][]Target{nil, {r}} {
		f, err := New("noop", Binding{Targets: targets})
		if err != nil {
			t.Fatal(err)
		}
		in, err := f.Inject(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := in.Await(t.Context()); err != nil {
			t.Errorf("Await: %v", err)
		}
		if err := in.Recover(t.Context()); err != nil {
			t.Errorf("Recover: %v", err)
		}
		if undo, err := f.Prepare(t.Context()); err != nil || len(undo.Steps) != 0 || undo.Command != "" {
			t.Errorf("Prepare = %+v, %v, want nothing to do", undo, err)
		}
	}
	if len(r.calls) != 0 {
		t.Errorf("noop called %v", r.calls)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (nothing{}).Inject(ctx); err == nil {
		t.Error("Inject after cancel returned no error")
	}
}
