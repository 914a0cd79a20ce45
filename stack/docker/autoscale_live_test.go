package docker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
	"github.com/fournines/fournines/stack/platform/transition"
)

// crowd are readers whose number can be changed, open loop.
type crowd struct {
	perSecond     atomic.Int64
	good, bad     atomic.Int64
	mu            sync.Mutex
	lastBad       string
	stop          func()
	atOnce        chan struct{}
	all           sync.WaitGroup
	client        *http.Client
	url           string
	sentButNotDue float64
}

// gather lets a crowd read until stop is called.
func gather(t *testing.T, url string) *crowd {
	ctx, cancel := context.WithCancel(t.Context())
	const most = 200
	// As many connections are kept as there are readers: making them anew would
	// keep the machine busier than the catalog.
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = most
	t.Cleanup(transport.CloseIdleConnections)
	c := &crowd{atOnce: make(chan struct{}, most), client: &http.Client{Transport: transport}, url: url}
	c.all.Go(func() {
		const beat = 5 * time.Millisecond
		tick := time.NewTicker(beat)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			for c.sentButNotDue += beat.Seconds() * float64(c.perSecond.Load()); c.sentButNotDue >= 1; c.sentButNotDue-- {
				select {
				case c.atOnce <- struct{}{}:
					c.all.Go(func() { c.read(); <-c.atOnce })
				default: // the stack hangs: that is seen by those who wait
				}
			}
		}
	})
	c.stop = sync.OnceFunc(func() { cancel(); c.all.Wait() })
	t.Cleanup(c.stop)
	return c
}

func (c *crowd) read() {
	response, err := c.client.Get(c.url)
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if err == nil && response.StatusCode != http.StatusOK {
			err = fmt.Errorf("status %s", response.Status)
		}
	}
	if err == nil {
		c.good.Add(1)
		return
	}
	c.bad.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastBad = err.Error()
}

// failed is how many requests failed, and how one of them did.
func (c *crowd) failed() (int64, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bad.Load(), c.lastBad
}

// told are the controller's transitions of a kind.
func told(ctx context.Context, st *docker.Stack, kind string) (details []string, err error) {
	base, _ := st.URL(stack.Controller)
	body, err := get(ctx, base+transition.Path+"?after=0")
	if err != nil {
		return nil, err
	}
	var doc struct {
		Transitions []struct{ Kind, Subject, Detail string }
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		return nil, err
	}
	for _, t := range doc.Transitions {
		if t.Kind == kind {
			details = append(details, t.Subject+": "+t.Detail)
		}
	}
	return details, nil
}

func TestTheAutoscalerAddsAReplicaAt80PercentAndRemovesItLater(t *testing.T) {
	dockertest.Require(t)
	dockertest.Slow(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: runID("autoscale"), Progress: logSteps(t), Choices: stack.Choices{
		Components: stack.ForReaders(), Cores: map[string]float64{"catalog": 0.1},
		Autoscale: map[string]stack.Autoscale{"catalog": {Metric: stack.ScaleCPU, Target: 0.7, Max: 5, Window: 5 * time.Second}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
		expectNothing(t, st.RunID())
	})
	trust(t, st)
	for _, name := range []string{"catalog-1", "catalog-2", "catalog-3"} {
		if c, err := st.Inspect(t.Context(), name); err != nil || c.HostConfig.NanoCPUs != 1e8 {
			t.Fatalf("%s may use %d billionths of a core, %v; want a tenth of one", name, c.HostConfig.NanoCPUs, err)
		}
	}
	edge, _ := st.URL(stack.Edge)
	readers := gather(t, edge+"/api/catalog/items?limit=100") // long answers: the catalog has more to do with them than those before it
	began := time.Now()
	within(t, 3*time.Minute, "a replica is added while more and more readers come", func(context.Context) error {
		readers.perSecond.Store(60 + 10*int64(time.Since(began).Seconds()))
		if names := namesOf(st, "catalog"); len(names) < 4 {
			return fmt.Errorf("catalogs are %q at %d requests/s", names, readers.perSecond.Load())
		}
		return nil
	})
	t.Logf("at %d requests/s after %v", readers.perSecond.Load(), time.Since(began).Round(time.Second))
	why, err := told(t.Context(), st, "scaled")
	var from, to, percent int
	if err != nil || len(why) == 0 {
		t.Fatalf("told %q, %v; want why there are more", why, err)
	}
	if _, err := fmt.Sscanf(why[0], "catalog: from %d to %d replicas: cpu is %d %%, want 70 %%", &from, &to, &percent); err != nil || from != 3 || to != 4 || percent < 77 || percent > 95 {
		t.Errorf("told %q, %v; want one more at about 80 %%", why, err)
	}
	readers.perSecond.Store(readers.perSecond.Load() * 8 / 10) // enough for all of them, and too much for three less one
	added, _ := stack.Find(st, "catalog-4")
	within(t, 30*time.Second, "it is ready", added.Ready)
	before, how := readers.failed()
	t.Logf("%d of %d requests failed until then (%s)", before, before+readers.good.Load(), how)
	within(t, 30*time.Second, "it gets its share from every gateway, and is watched", func(ctx context.Context) error {
		up, err := query(ctx, t, st, `up{component="catalog"}`)
		if err != nil || up["catalog-4"] != "1" {
			return fmt.Errorf("Prometheus sees %v, %v", up, err)
		}
		share, err := query(ctx, t, st, `sum by (replica) (rate(fournines_http_requests_total{component="catalog"}[5s])) / scalar(sum(rate(fournines_http_requests_total{component="catalog"}[5s]))) * 100 > 20`)
		if err != nil || len(share) != 4 {
			return fmt.Errorf("shares of more than 20 %% are %v, %v", share, err)
		}
		return nil
	})
	t.Run("a controller that is killed forgets nothing that matters", func(t *testing.T) {
		c, _ := stack.Find(st, stack.Controller)
		if err := c.Kill(t.Context(), "KILL"); err != nil {
			t.Fatal(err)
		}
		within(t, 10*time.Second, "it is gone", func(ctx context.Context) error {
			if status, err := c.Status(ctx); err != nil || status != "exited" {
				return fmt.Errorf("it is %q, %v", status, err)
			}
			return nil
		})
		if err := c.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		base, _ := st.URL(stack.Controller)
		within(t, 20*time.Second, "the next one keeps four", func(ctx context.Context) error {
			metrics, err := get(ctx, base+"/metrics")
			if err == nil && (!strings.Contains(metrics, `fournines_controller_replicas{component="catalog",state="wanted"} 4`) || !strings.Contains(metrics, "fournines_controller_load{")) {
				err = fmt.Errorf("its metrics do not say so")
			}
			return err
		})
	})
	if after, how := readers.failed(); after != before {
		t.Errorf("%d requests failed while four replicas served (%s), want none", after-before, how)
	}
	readers.perSecond.Store(40)
	within(t, time.Minute, "it is removed when the readers are gone", func(context.Context) error {
		if names := namesOf(st, "catalog"); !slices.Equal(names, []string{"catalog-1 on a", "catalog-2 on b", "catalog-3 on c"}) {
			return fmt.Errorf("catalogs are %q", names)
		}
		return nil
	})
	from200 := readers.good.Load()
	within(t, time.Minute, "200 more requests", func(context.Context) error {
		if n := readers.good.Load() - from200; n < 200 {
			return fmt.Errorf("%d were answered", n)
		}
		return nil
	})
	readers.stop()
	if after, how := readers.failed(); after != before {
		t.Errorf("%d requests failed until three replicas served again (%s), want none", after-before, how)
	}
	if why, err := told(t.Context(), st, "scaled-in"); err != nil || len(why) != 1 || !strings.HasPrefix(why[0], "catalog-4") {
		t.Errorf("told %q, %v; want that catalog-4 is removed", why, err)
	}
	within(t, 10*time.Second, "nobody is called for it", func(ctx context.Context) error {
		alerts, err := query(ctx, t, st, `ALERTS{alertname="InstanceDown"} or up{replica="catalog-4"}`)
		if err == nil && len(alerts) > 0 {
			err = fmt.Errorf("Prometheus has %v", alerts)
		}
		return err
	})
}
