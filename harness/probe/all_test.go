package probe

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type fake struct {
	name  string
	check func() error
}

func (f fake) String() string              { return f.name }
func (f fake) Check(context.Context) error { return f.check() }

func TestAll(t *testing.T) {
	ok := func() error { return nil }
	bad := func(text string) func() error { return func() error { return errors.New(text) } }
	t.Run("all is healthy when every probe is", func(t *testing.T) {
		if err := All(fake{"a", ok}, fake{"b", ok}).Check(t.Context()); err != nil {
			t.Errorf("Check = %v, want nil", err)
		}
	})
	t.Run("every failure is reported, in order", func(t *testing.T) {
		err := All(fake{"a", bad("first")}, fake{"b", ok}, fake{"c", bad("third")}).Check(t.Context())
		if err == nil || err.Error() != "first\nthird" {
			t.Errorf("Check = %v, want first and third", err)
		}
	})
	t.Run("probes are checked at the same time", func(t *testing.T) {
		meet := make(chan struct{})
		a := fake{"a", func() error { meet <- struct{}{}; return nil }}
		b := fake{"b", func() error { <-meet; return nil }}
		if err := All(a, b).Check(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("its name is all names", func(t *testing.T) {
		if diff := cmp.Diff("a, b", All(fake{name: "a"}, fake{name: "b"}).String()); diff != "" {
			t.Error(diff)
		}
	})
}
