package calibrate

import (
	"context"
	"errors"
	"io"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// started is a target that ends with the test.
func started(t *testing.T) *target {
	t.Helper()
	target, err := newTarget(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(target.close)
	return target
}

// client has connections of its own, which it keeps.
func client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// get is the status of request seq, or why there was none.
func get(ctx context.Context, c *http.Client, t *target, seq uint64) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url(seq), nil)
	if err != nil {
		return 0, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// down breaks target in a mode until the returned function is called.
func down(t *testing.T, target *target, mode Mode) (o *outage, up func()) {
	t.Helper()
	o = newOutage(0, mode, time.Hour, 0)
	target.begin(o)
	return o, func() {
		t.Helper()
		if err := target.end(o); err != nil {
			t.Fatal(err)
		}
	}
}

func wantStatus(t *testing.T, c *http.Client, target *target, seq uint64, want int) {
	t.Helper()
	if got, err := get(t.Context(), c, target, seq); err != nil || got != want {
		t.Errorf("request %d: status %d, %v; want %d", seq, got, err, want)
	}
}

func TestModes(t *testing.T) {
	t.Run("refused closes the listener and resets connections, and both are back afterwards", func(t *testing.T) {
		target, c := started(t), client(t)
		for range 3 { // more than once: the port must be had again
			wantStatus(t, c, target, 0, 200)
			_, up := down(t, target, Refused)
			_, err := get(t.Context(), c, target, 1)
			if !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
				t.Errorf("over the kept connection: %v, want a reset, or a refusal when it is tried again", err)
			}
			if _, err := get(t.Context(), client(t), target, 2); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("over a fresh connection: %v, want a refusal", err)
			}
			up()
			wantStatus(t, c, target, 3, 200)
		}
	})
	t.Run("hung answers nobody, not at the end of the outage either", func(t *testing.T) {
		target, c := started(t), client(t)
		o, up := down(t, target, Hung)
		ctx, giveUp := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := get(ctx, c, target, 0)
			ended <- err
		}()
		for o.failed.Load() == 0 {
			if ctx.Err() != nil {
				t.Fatal(ctx.Err())
			}
		}
		up()
		wantStatus(t, client(t), target, 1, 200)
		select {
		case err := <-ended:
			t.Errorf("ended with %v after the outage", err)
		default:
		}
		giveUp()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v, want to have waited until it gave up", err)
		}
	})
	t.Run("5xx and flapping answer everybody with 503", func(t *testing.T) {
		for _, mode := range []Mode{Erring, Flapping} {
			target, c := started(t), client(t)
			o, up := down(t, target, mode)
			for seq := range uint64(5) {
				wantStatus(t, c, target, seq, 503)
			}
			up()
			wantStatus(t, c, target, 5, 200)
			if n := o.failed.Load(); n != 5 {
				t.Errorf("%s: failed %d requests, want 5", mode, n)
			}
		}
	})
	t.Run("slow answers rightly, beyond the latency bound and within the timeout", func(t *testing.T) {
		target := started(t)
		_, up := down(t, target, Slow)
		defer up()
		began := time.Now()
		wantStatus(t, client(t), target, 0, 200)
		if took := time.Since(began); took <= latencyBound {
			t.Errorf("answered after %s, want more than %s", took, latencyBound)
		}
		if slowDelay >= timeout {
			t.Errorf("a delay of %s is not within the timeout of %s", slowDelay, timeout)
		}
	})
	t.Run("partial fails one request in ten, always the same ones", func(t *testing.T) {
		target, c := started(t), client(t)
		o, up := down(t, target, Partial)
		defer up()
		const n = 1000
		failed := map[uint64]bool{}
		for seq := range uint64(n) {
			status, err := get(t.Context(), c, target, seq)
			if err != nil {
				t.Fatal(err)
			}
			failed[seq] = status == 503
			if failed[seq] {
				wantStatus(t, c, target, seq, 503)
			}
		}
		share := float64(o.failed.Load()) / 2 / n
		if share < .07 || share > .13 {
			t.Errorf("failed %g of the requests, want about 0.1", share)
		}
	})
	t.Run("one-connection fails the first connection of the outage and no other", func(t *testing.T) {
		target, first, second := started(t), client(t), client(t)
		wantStatus(t, second, target, 0, 200)
		o, up := down(t, target, OneConnection)
		for seq := range uint64(3) {
			wantStatus(t, first, target, seq, 503)
			wantStatus(t, second, target, seq, 200)
		}
		up()
		wantStatus(t, first, target, 3, 200)
		if n := o.failed.Load(); n != 3 {
			t.Errorf("failed %d requests, want 3", n)
		}
	})
}

func TestPlayStampsWhatHappened(t *testing.T) {
	target := started(t)
	script := []Case{{At: 10 * time.Millisecond, Length: 20 * time.Millisecond, Mode: Refused}, {At: 50 * time.Millisecond, Length: 2*flapPart + flapPart, Mode: Flapping}}
	began := time.Now()
	played, err := target.play(t.Context(), script)
	if err != nil || len(played) != 3 {
		t.Fatalf("played %d outages, %v; want 3", len(played), err)
	}
	last := began
	for i, o := range played {
		if o.begin.Before(last) || o.end.Sub(o.begin) < o.length {
			t.Errorf("outage %d from %s to %s, want it after %s and at least %s long", i, o.begin.Sub(began), o.end.Sub(began), last.Sub(began), o.length)
		}
		last = o.end
	}
	if at := played[1].begin.Sub(began); at < script[1].At || played[1].caseNo != 1 || played[2].caseNo != 1 {
		t.Errorf("the second case began at %s, want not before %s", at, script[1].At)
	}
}

func TestPlayLeavesTheTargetWellWhenItIsCancelled(t *testing.T) {
	target := started(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := target.play(ctx, []Case{{Length: time.Hour, Mode: Refused}})
		done <- err
	}()
	for target.outage.Load() == nil {
		if t.Context().Err() != nil {
			t.Fatal(t.Context().Err())
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("play = %v, want canceled", err)
	}
	wantStatus(t, client(t), target, 0, 200)
}
