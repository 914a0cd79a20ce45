package load

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestAlarm(t *testing.T) {
	kinds := map[string]func(context.Context) alarm{
		"of the runtime":         func(ctx context.Context) alarm { return timerAlarm{ctx} },
		"the best of the system": newAlarm,
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Run("is never early", func(t *testing.T) {
				a := kind(t.Context())
				defer a.close()
				for range 20 {
					until := time.Now().Add(1500 * time.Microsecond)
					if !a.wait(until) {
						t.Fatal("wait = false, want true: the context is not done")
					}
					if early := time.Until(until); early > 0 {
						t.Fatalf("woken %v early", early)
					}
				}
			})
			t.Run("does not wait for what has passed", func(t *testing.T) {
				a := kind(t.Context())
				defer a.close()
				if !a.wait(time.Now()) || !a.wait(time.Now().Add(-time.Hour)) {
					t.Error("wait = false, want true: the context is not done")
				}
			})
			t.Run("is cut short by its context", func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				a := kind(ctx)
				defer a.close()
				if !a.wait(time.Now().Add(time.Millisecond)) {
					t.Fatal("wait = false before the context was done")
				}
				ended := make(chan bool)
				go func() { ended <- a.wait(time.Now().Add(time.Hour)) }()
				cancel()
				select {
				case due := <-ended:
					if due {
						t.Error("wait = true, want false: the context is done")
					}
				case <-time.After(30 * time.Second):
					t.Fatal("still waiting 30 s after the context was done")
				}
				if a.wait(time.Now()) {
					t.Error("wait = true for a context that is done")
				}
			})
		})
	}
}

// A machine that is busy wakes us late now and then, but not most times: the
// better quarter of many waits is what the alarm itself can do. The runtime's
// timers round such a short wait up to a millisecond.
func TestAlarmIsFinerThanAMillisecond(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has an alarm of its own")
	}
	a := newAlarm(t.Context())
	defer a.close()
	late := make([]time.Duration, 200)
	for i := range late {
		until := time.Now().Add(200 * time.Microsecond)
		a.wait(until)
		late[i] = time.Since(until)
	}
	slices.Sort(late)
	if quarter := late[len(late)/4]; quarter > 400*time.Microsecond {
		t.Errorf("a quarter of the waits ended up to %v late, want below 400 µs", quarter)
	}
}
