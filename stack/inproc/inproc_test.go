package inproc_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack/inproc"
	"github.com/fournines/fournines/stack/stacktest"
)

func TestConforms(t *testing.T) {
	defer goleak.VerifyNone(t)
	st, err := inproc.Up(t.Context(), inproc.Options{LeaseTTL: time.Second, Drain: 700 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	stacktest.Run(t, st)
}

func TestUpThatIsCanceledLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if st, err := inproc.Up(ctx, inproc.Options{}); err == nil {
		t.Errorf("Up with a canceled context = %v, want an error", st)
	}
}
