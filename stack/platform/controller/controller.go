package controller

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/telemetry"
	"github.com/fournines/fournines/stack/platform/transition"
)

// Meter tells how busy replicas are.
type Meter interface {
	// Loads returns what is known now of a metric of the replicas of a
	// component, which are ready; an error when nobody can say. It is called
	// for one component at a time, and returns soon after ctx is done.
	Loads(ctx context.Context, component, metric string, replicas []Replica) (Load, error)
}

// Config is what a controller needs.
type Config struct {
	Eyes   Eyes
	Hands  Hands
	Meter  Meter // may be nil where no component scales
	Wants  []Want
	Timing Timing
	// Seed fixes the jitter of delays.
	Seed uint64
	// Placing is how many replicas are placed at the same time, 1 at least; 0 is
	// one for two cores of this machine. Each start keeps about a core busy, which
	// those that serve need, most of all when more are wanted for their load.
	Placing int
	Log     *slog.Logger
	// Listener is where the controller is watched. Run closes it.
	Listener net.Listener
}

// Controller keeps a platform at its numbers. Make one with New.
type Controller struct {
	config      Config
	decider     *Decider
	transitions *transition.List
	metrics     *telemetry.Metrics
	counts      *telemetry.Controller
	pulses      pulses
	loadings    loadings
	done        chan outcome
	placing     chan struct{} // holds a token for each replica that is being placed
	looked      sync.Once
	ready       chan struct{}
}

// outcome is what became of an action.
type outcome struct {
	action Action
	err    error
}

// New makes a controller that has seen nothing yet.
func New(c Config) *Controller {
	k := &Controller{
		config: c, transitions: transition.New(), metrics: telemetry.NewMetrics(),
		done: make(chan outcome), ready: make(chan struct{}),
		placing: make(chan struct{}, max(1, cmp.Or(c.Placing, runtime.NumCPU()/2))),
	}
	k.counts = telemetry.NewController(k.metrics)
	k.pulses.every, k.pulses.limit = c.Timing.PulseEvery, c.Timing.PulseLimit
	k.loadings.meter, k.loadings.every = c.Meter, c.Timing.ScaleEvery
	k.decider = NewDecider(c.Wants, c.Timing, c.Seed, k.tell)
	k.decider.scaled = k.scaled
	return k
}

// tell logs, counts and keeps a transition.
func (k *Controller) tell(now time.Time, kind, subject, detail string) {
	level := slog.LevelInfo
	if kind == NoticedKind || kind == FailedKind || kind == BackOffKind {
		level = slog.LevelWarn
	}
	k.config.Log.Log(context.Background(), level, kind, "subject", subject, "detail", detail)
	k.counts.Decided(kind, subject)
	k.transitions.Add(transition.Transition{Time: now, Kind: kind, Subject: subject, Detail: detail})
}

// scaled is tell for a number that was changed because of load: the log has all
// that it was decided by.
func (k *Controller) scaled(now time.Time, x decision) {
	k.config.Log.Info(ScaledKind, "subject", x.component, "detail", x.String(), "metric", x.metric, "value", x.value,
		"target", x.target, "from", x.from, "to", x.to, "known", x.known, "ready", x.ready)
	k.counts.Decided(ScaledKind, x.component)
	k.transitions.Add(transition.Transition{Time: now, Kind: ScaledKind, Subject: x.component, Detail: x.String()})
}

// Run works until ctx is done and returns nil when everything that it had begun
// has ended. What it cannot see it looks at again.
func (k *Controller) Run(ctx context.Context) error {
	server := &http.Server{Handler: k.handler(), ReadHeaderTimeout: 5 * time.Second}
	var all sync.WaitGroup
	ended := make(chan error, 2)
	all.Go(func() {
		if err := server.Serve(k.config.Listener); !errors.Is(err, http.ErrServerClosed) {
			ended <- err
		}
	})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	changed := make(chan struct{}, 1)
	all.Go(func() {
		ended <- k.config.Eyes.Follow(ctx, func() {
			select {
			case changed <- struct{}{}:
			default: // it will look anyway
			}
		})
	})
	err := k.loop(ctx, changed, ended)
	cancel()
	for k.decider.Busy() {
		k.finish(<-k.done)
	}
	k.pulses.stop()
	k.loadings.stop()
	err = errors.Join(err, server.Close())
	all.Wait()
	return err
}

// loop looks and acts whenever something changed.
func (k *Controller) loop(ctx context.Context, changed <-chan struct{}, ended <-chan error) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			if ctx.Err() == nil && err != nil {
				return err
			}
			return nil
		case o := <-k.done:
			k.finish(o)
		case <-changed:
		case <-timer.C:
		}
		timer.Reset(k.step(ctx))
	}
}

// step looks once, begins what is to be done, and returns how long to wait for
// the next time.
func (k *Controller) step(ctx context.Context) time.Duration {
	view, err := k.config.Eyes.Look(ctx)
	if err != nil {
		if ctx.Err() == nil {
			k.config.Log.Warn("the platform cannot be seen", "error", err.Error())
		}
		return k.config.Timing.Resync
	}
	k.looked.Do(func() { close(k.ready) })
	view.Pulses = k.pulses.take(ctx, k.asked(view))
	view.Loads = k.loads(ctx, view)
	now := time.Now()
	actions, wake := k.decider.Decide(now, view)
	k.count(view)
	for _, a := range actions {
		go func() { k.done <- outcome{a, k.do(ctx, a)} }()
	}
	wait := k.config.Timing.Resync
	if !wake.IsZero() {
		wait = min(wait, max(0, wake.Sub(now)))
	}
	return wait
}

// do acts. What has begun is not given up half way; hands have a limit of their
// own.
func (k *Controller) do(ctx context.Context, a Action) error {
	if a.Verb == Place {
		k.placing <- struct{}{}
		defer func() { <-k.placing }()
	}
	return k.config.Hands.Do(context.WithoutCancel(ctx), a)
}

func (k *Controller) finish(o outcome) { k.decider.Done(time.Now(), o.action, o.err) }

// asked are the replicas that are asked how they are.
func (k *Controller) asked(v View) (all []Replica) {
	for _, r := range v.Replicas {
		if r.State == Running && r.Health != "" && k.decider.movable(r.Component) {
			all = append(all, r)
		}
	}
	return all
}

// loads are how busy the components that scale are. What is not known is left
// out. Replicas that are not ready yet are not asked: what they use is not
// load.
func (k *Controller) loads(ctx context.Context, v View) map[string]Load {
	loads := map[string]Load{}
	for _, w := range k.config.Wants {
		if w.Scale == nil || k.config.Meter == nil {
			continue
		}
		var replicas []Replica
		for _, r := range v.Replicas {
			if r.Component == w.Component && r.State == Running && v.Pulses[r.Name].Ready {
				replicas = append(replicas, r)
			}
		}
		unknown := func(err error) {
			k.config.Log.Warn("its load is not known", "component", w.Component, "error", err.Error())
		}
		if load := k.loadings.take(ctx, w, replicas, unknown); load != nil {
			loads[w.Component] = load
		}
	}
	return loads
}

// count shows the numbers of replicas.
func (k *Controller) count(v View) {
	for _, w := range k.config.Wants {
		ready, there := 0, 0
		for _, r := range v.Replicas {
			if r.Component != w.Component {
				continue
			}
			there++
			if r.State == Running && (!w.Movable || v.Pulses[r.Name].Ready) {
				ready++
			}
		}
		k.counts.Numbers(w.Component, k.decider.wanted(w), there, ready)
		if w.Scale != nil {
			value, target, known := k.decider.busy(w.Component)
			k.counts.Load(w.Component, w.Scale.Metric, value, target, known)
		}
	}
}

// handler serves liveness, readiness, metrics and transitions.
func (k *Controller) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+process.LivePath, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("live\n")) })
	mux.HandleFunc("GET "+process.ReadyPath, func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-k.ready:
			_, _ = w.Write([]byte("ready\n"))
		default:
			http.Error(w, "the platform was not seen yet", http.StatusServiceUnavailable)
		}
	})
	mux.Handle("GET /metrics", k.metrics.Handler())
	mux.Handle("GET "+transition.Path, k.transitions)
	return mux
}
