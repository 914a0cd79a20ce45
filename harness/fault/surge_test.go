package fault

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fournines/fournines/harness"
)

func TestTargetlessActionsAreKnownToTheHarness(t *testing.T) {
	for _, k := range Catalogue() {
		if harness.Targetless(k.Action) != k.Targetless {
			t.Errorf("%s: the harness says targetless %v, its kind %v", k.Action, !k.Targetless, k.Targetless)
		}
	}
}

// traffic is a harness.Load that asks url for something again and again.
type traffic struct {
	url  string
	rate float64
}

func (l traffic) Run(ctx context.Context, emit func(harness.Event)) error {
	through := &http.Transport{DisableKeepAlives: true}
	for ctx.Err() == nil {
		e := harness.Event{}
		if r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url, nil); err == nil {
			if resp, err := through.RoundTrip(r); err == nil {
				resp.Body.Close()
				e.Status = resp.StatusCode
			}
		}
		emit(e)
		rest(ctx, time.Duration(float64(time.Second)/l.rate))
	}
	return nil
}

// edgeOf is an edge that counts its requests and answers with a status.
func edgeOf(t *testing.T, status int) (Binding, *atomic.Int64) {
	t.Helper()
	seen := new(atomic.Int64)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		seen.Add(1)
		w.WriteHeader(status)
	}))
	t.Cleanup(srv.Close)
	return Binding{
		Edge: func() (string, bool) { return srv.URL, true }, Rate: 20, Lasts: time.Minute,
		Load: func(rate float64, _ bool) (harness.Load, error) { return traffic{srv.URL, rate}, nil },
	}, seen
}

func TestSurges(t *testing.T) {
	for action, values := range map[string]Values{
		"traffic-spike":    {"factor": "3"},
		"connection-churn": {"connections": "20"},
		"retry-storm":      {"clients": "5", "pause": "1s"},
		"slow-clients":     {"clients": "5", "every": "10ms"},
	} {
		t.Run(action, func(t *testing.T) {
			others := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, others) }) // after the edge is closed
			b, seen := edgeOf(t, http.StatusOK)
			b.Values = values
			f, err := New(action, b)
			if err != nil {
				t.Fatal(err)
			}
			if recipe := prepare(t, f); recipe.Summary == "" || len(recipe.Steps) > 0 || seen.Load() > 0 {
				t.Errorf("recipe = %+v after %d requests", recipe, seen.Load())
			}
			in := inject(t, f)
			if err := in.Await(within(t, 20*time.Second)); err != nil {
				t.Fatal(err)
			}
			done := &in.(*surgeInjection).counts
			if done.sent.Load() == 0 && action != "slow-clients" {
				t.Error("it was proved while nothing had been sent")
			}
			for range 2 {
				if err := in.Recover(within(t, 20*time.Second)); err != nil {
					t.Fatal(err)
				}
			}
			// What was sent: an edge may come to a request long after its client has
			// gone.
			before := done.sent.Load()
			if open := done.open.Load(); open != 0 {
				t.Errorf("%d connections are open after the recovery", open)
			}
			if err := in.Await(within(t, 50*time.Millisecond)); err == nil || !strings.Contains(err.Error(), "have ended") {
				t.Errorf("Await after the recovery = %v", err)
			}
			if after := done.sent.Load(); after != before {
				t.Errorf("%d requests were sent after the recovery", after-before)
			}
		})
	}
}

func TestSurgeWithoutAnEdgeThatAnswersIsNotProved(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	l.Close()
	for _, action := range []string{"traffic-spike", "connection-churn", "retry-storm", "slow-clients"} {
		b := Binding{Edge: func() (string, bool) { return url, true }, Rate: 100, Lasts: time.Minute,
			Load: func(rate float64, _ bool) (harness.Load, error) { return traffic{url, rate}, nil }}
		f, err := New(action, b)
		if err != nil {
			t.Fatal(err)
		}
		in := inject(t, f)
		if err := in.Await(within(t, 400*time.Millisecond)); err == nil {
			t.Errorf("%s: proved without an edge", action)
		}
		if err := in.Recover(within(t, 20*time.Second)); err != nil {
			t.Errorf("%s: %v", action, err)
		}
	}
}

func TestSurgesGoNowhereElse(t *testing.T) {
	for _, action := range []string{"traffic-spike", "connection-churn", "retry-storm", "slow-clients"} {
		f, err := New(action, Binding{Edge: func() (string, bool) { return "http://192.0.2.1/", true }, Rate: 10})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "not allowed") {
			t.Errorf("%s: Prepare = %v, want a refusal", action, err)
		}
		if _, err := f.Inject(t.Context()); err == nil {
			t.Errorf("%s: it was injected", action)
		}
		if _, err := New(action, Binding{Rate: 10}); err == nil {
			t.Errorf("%s: bound without an edge", action)
		}
		b, _ := edgeOf(t, http.StatusOK)
		b.Targets = []Target{newReplica("catalog-1")}
		if _, err := New(action, b); err == nil || !strings.Contains(err.Error(), "want no target") {
			t.Errorf("%s with a target: %v", action, err)
		}
	}
	if _, err := New("traffic-spike", Binding{Values: Values{"factor": "20"}, Rate: 1000, Edge: func() (string, bool) { return "", true }}); err == nil {
		t.Error("a spike above the limit was bound")
	}
}

func TestStormGrowsWhenNobodyIsServed(t *testing.T) {
	rates := map[int]int64{}
	for _, status := range []int{http.StatusOK, http.StatusServiceUnavailable} {
		b, seen := edgeOf(t, status)
		b.Values = Values{"clients": "4", "pause": "1m"}
		f, err := New("retry-storm", b)
		if err != nil {
			t.Fatal(err)
		}
		in := inject(t, f)
		if err := in.Await(within(t, 20*time.Second)); err != nil {
			t.Fatal(err)
		}
		// Those who are served rest, the others come back.
		_ = poll(within(t, 10*time.Second), time.Millisecond, func() (bool, string) {
			return status == http.StatusOK || seen.Load() > 40, ""
		})
		if err := in.Recover(within(t, 20*time.Second)); err != nil {
			t.Fatal(err)
		}
		rates[status] = seen.Load()
	}
	if rates[200] > 4 || rates[503] <= 40 {
		t.Errorf("requests by answer: %v; want one of each client that is served, and many of the others", rates)
	}
}

func TestSlowClientComesBackWhenItIsSentAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	came := make(chan string, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p := make([]byte, 4)
			_, _ = io.ReadFull(bufio.NewReader(conn), p)
			conn.Close()
			came <- string(p)
		}
	}()
	f, err := New("slow-clients", Binding{
		Values: Values{"clients": "1", "every": "10ms"}, Lasts: time.Minute,
		Edge: func() (string, bool) { return "http://" + l.Addr().String(), true },
	})
	if err != nil {
		t.Fatal(err)
	}
	in := inject(t, f)
	for range 3 {
		select {
		case saw := <-came:
			if saw != "GET " {
				t.Errorf("the edge saw %q", saw)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nobody came")
		}
	}
	if err := in.Recover(within(t, 20*time.Second)); err != nil {
		t.Error(err)
	}
}
