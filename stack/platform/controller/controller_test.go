package controller

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/platform/transition"
)

// town is a platform in this process: its replicas share a demand for
// processor time, and are asked over HTTP how they are.
type town struct {
	page *httptest.Server

	mu       sync.Mutex
	replicas []Replica
	used     map[string]float64 // processor time so far, in seconds
	since    time.Time
	demand   float64 // cores, over all replicas
	did      []string
	changed  func()
}

func newTown(t *testing.T, names ...string) *town {
	w := &town{used: map[string]float64{}, since: time.Now()}
	w.page = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(w.page.Close)
	for _, name := range names {
		w.replicas = append(w.replicas, w.replica(name))
	}
	return w
}

func (w *town) replica(name string) Replica {
	return Replica{Name: name, Component: "catalog", Node: "a", State: Running, Health: w.page.URL}
}

// pass lets the demand be worked off until now; w.mu is held.
func (w *town) pass() time.Time {
	now := time.Now()
	for _, r := range w.replicas {
		w.used[r.Name] += now.Sub(w.since).Seconds() * w.demand / float64(len(w.replicas))
	}
	w.since = now
	return now
}

// want makes the demand another one.
func (w *town) want(cores float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pass()
	w.demand = cores
}

func (w *town) Look(context.Context) (View, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return View{Replicas: slices.Clone(w.replicas)}, nil
}

func (w *town) Follow(ctx context.Context, changed func()) error {
	w.mu.Lock()
	w.changed = changed
	w.mu.Unlock()
	<-ctx.Done()
	return nil
}

func (w *town) Do(_ context.Context, a Action) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pass()
	w.did = append(w.did, string(a.Verb)+" "+a.Replica)
	switch a.Verb {
	case Place:
		w.replicas = append(w.replicas, w.replica(a.Replica))
	case Remove:
		w.replicas = slices.DeleteFunc(w.replicas, func(r Replica) bool { return r.Name == a.Replica })
		delete(w.used, a.Replica)
	default:
		return errors.New("nothing of this kind was to be done")
	}
	if w.changed != nil {
		w.changed()
	}
	return nil
}

func (w *town) Read(_ context.Context, r Replica, _ string) (Reading, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.pass()
	used, ok := w.used[r.Name]
	if !ok {
		return Reading{}, errors.New("it is gone")
	}
	return Reading{now, used}, nil
}

func (w *town) deeds() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.did)
}

// until waits for what was done to be want.
func (w *town) until(t *testing.T, want ...string) {
	t.Helper()
	eventually(t, func() string { return fmt.Sprint(w.deeds()) }, func(saw string) bool { return saw == fmt.Sprint(want) })
}

// eventually waits until what look sees is right.
func eventually(t *testing.T, look func() string, right func(string) bool) {
	t.Helper()
	deadline, tick := time.After(20*time.Second), time.NewTicker(2*time.Millisecond)
	defer tick.Stop()
	for saw := look(); !right(saw); saw = look() {
		select {
		case <-deadline:
			t.Fatalf("it has not come to what was wanted; last seen: %s", saw)
		case <-tick.C:
		}
	}
}

// governed is a controller at work.
type governed struct {
	url  string
	log  *bytes.Buffer
	stop func()
}

// govern starts a controller with delays of milliseconds.
func govern(t *testing.T, w *town) governed {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	timing := Defaults()
	timing.Resync, timing.PulseEvery, timing.ScaleEvery = 5*time.Millisecond, 5*time.Millisecond, 30*time.Millisecond
	g := governed{url: "http://" + listener.Addr().String(), log: &bytes.Buffer{}}
	k := New(Config{
		Eyes: w, Hands: w, Meter: NewMeter(w, 60*time.Millisecond), Timing: timing, Listener: listener,
		Wants: []Want{{Component: "catalog", Replicas: 3, Movable: true, Scale: &Scale{Metric: CPUMetric, Target: .7, Min: 3, Max: 6, Stabilize: 200 * time.Millisecond}}},
		Log:   slog.New(slog.NewJSONHandler(g.log, nil)),
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- k.Run(ctx) }()
	g.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(g.stop)
	return g
}

func (g governed) page(t *testing.T, path string) string {
	t.Helper()
	response, err := http.Get(g.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestReplicasFollowTheLoad(t *testing.T) {
	w := newTown(t, "catalog-1", "catalog-2", "catalog-3")
	w.want(3 * .7)
	g := govern(t, w)
	w.want(3 * .9)
	w.until(t, "place catalog-4") // 4 of them take 68 % each
	for _, want := range []string{
		`fournines_controller_replicas{component="catalog",state="wanted"} 4`,
		`fournines_controller_transitions_total{kind="scaled",subject="catalog"} 1`,
		`fournines_controller_load_target{component="catalog",metric="cpu"} 0.7`,
	} {
		if metrics := g.page(t, "/metrics"); !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s:\n%s", want, metrics)
		}
	}
	if told := g.page(t, transition.Path); !strings.Contains(told, `"kind":"scaled","subject":"catalog","detail":"from 3 to 4 replicas: cpu is 9`) {
		t.Errorf("told %s, want why there are more", told)
	}
	g.stop()
	if line := lineWith(t, g.log, "from", 3.0); line["to"] != 4.0 || line["metric"] != "cpu" || line["target"] != .7 || line["msg"] != "scaled" || line["value"] == nil {
		t.Errorf("logged %v, want metric, value, target and both numbers", line)
	}

	// Another controller finds what there is, and takes nothing back while it
	// is needed.
	g = govern(t, w)
	const wanted = `fournines_controller_replicas{component="catalog",state="wanted"} 4`
	eventually(t, func() string { return g.page(t, "/metrics") }, func(saw string) bool {
		return strings.Contains(saw, "fournines_controller_load{") && strings.Contains(saw, wanted)
	})
	if did := w.deeds(); len(did) != 1 {
		t.Fatalf("did %q after another controller took over, want nothing more", did)
	}
	w.want(.3)
	w.until(t, "place catalog-4", "remove catalog-4")
	if told := g.page(t, transition.Path); !strings.Contains(told, `"kind":"scaled-in","subject":"catalog-4"`) {
		t.Errorf("told %s, want that it is removed", told)
	}
}

// lineWith is the first line of a log that has a value under a key.
func lineWith(t *testing.T, log *bytes.Buffer, key string, value any) map[string]any {
	t.Helper()
	for line := range strings.Lines(log.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if fields[key] == value {
			return fields
		}
	}
	t.Fatalf("no line with %s = %v in:\n%s", key, value, log)
	return nil
}

func TestASlowMeterDelaysNothing(t *testing.T) {
	w := newTown(t, "catalog-1", "catalog-2", "catalog-3")
	slow := &slowMeter{asked: make(chan struct{}, 1)}
	l := &loadings{meter: slow, every: time.Hour}
	ctx, cancel := context.WithCancel(t.Context())
	want := Want{Component: "catalog", Scale: &Scale{Metric: CPUMetric}}
	for range 3 {
		if load := l.take(ctx, want, w.replicas, func(error) {}); load != nil {
			t.Errorf("load %v before anybody has answered", load)
		}
	}
	<-slow.asked
	cancel()
	l.stop()
	if slow.n != 1 {
		t.Errorf("asked %d times while the first answer was not there, want once", slow.n)
	}
}

// slowMeter answers when it is given up.
type slowMeter struct {
	asked chan struct{}
	n     int
}

func (m *slowMeter) Loads(ctx context.Context, component, _ string, _ []Replica) (Load, error) {
	m.n++
	m.asked <- struct{}{}
	<-ctx.Done()
	return nil, fmt.Errorf("ask %s: %w", component, ctx.Err())
}
