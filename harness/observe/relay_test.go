package observe

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestRelays(t *testing.T) {
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	// emits sends events and then keeps still until the end.
	emits := func(kinds ...string) Stream {
		return func(ctx context.Context, emit func(time.Time, string, string, string)) error {
			for _, k := range kinds {
				emit(at, "catalog-2", k, "exit code 137")
			}
			<-ctx.Done()
			return nil
		}
	}
	signal := func(source string, k harness.Kind) harness.Signal {
		return harness.Signal{Time: at, Resolution: time.Millisecond, Source: source, Subject: "catalog-2", Kind: k, Detail: "exit code 137"}
	}
	tests := []struct {
		rule     string
		observer harness.Observer
		want     []harness.Signal
	}{
		{
			"what happens to containers is passed on, other kinds are not", Containers(emits("died", "attached", "started", "paused", "unpaused")),
			[]harness.Signal{signal("containers", harness.Died), signal("containers", harness.Started), signal("containers", harness.Paused), signal("containers", harness.Unpaused)},
		},
		{
			"what happens in the registry is passed on, other kinds are not", RegistryEvents(emits("registered", "lease-expired", "died", "deregistered")),
			[]harness.Signal{signal("registry", harness.Registered), signal("registry", harness.LeaseExpired), signal("registry", harness.Deregistered)},
		},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				same(t, test.want, signals(t, test.observer, time.Second))
			})
		})
	}
}

func TestBrokenStreams(t *testing.T) {
	t.Run("a stream that breaks is opened again", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			opened := 0
			o := Containers(func(ctx context.Context, emit func(time.Time, string, string, string)) error {
				opened++
				emit(time.Now(), "catalog-2", "died", "")
				switch opened {
				case 1:
					return errors.New("connection reset")
				case 2:
					return nil // ended without a reason
				}
				<-ctx.Done()
				return nil
			})
			if got := signals(t, o, time.Minute); len(got) != 3 {
				t.Errorf("%d signals from 3 streams, want 3", len(got))
			}
		})
	})
	t.Run("a stream that breaks now and then is opened again for ever", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o := Containers(func(ctx context.Context, _ func(time.Time, string, string, string)) error {
				wait(ctx, Patience)
				return errors.New("connection reset")
			})
			signals(t, o, time.Hour)
		})
	})
	t.Run("a stream that never holds is an error", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o := Containers(func(context.Context, func(time.Time, string, string, string)) error {
				return errors.New("no such engine")
			})
			err := o.Observe(t.Context(), func(harness.Signal) {})
			if err == nil || !strings.Contains(err.Error(), "no such engine") {
				t.Errorf("Observe = %v, want the stream's error", err)
			}
		})
	})
}
