package edge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/telemetry"
	"github.com/fournines/fournines/stack/platform/transition"
)

const (
	// StatePath serves the State, on the admin port.
	StatePath = "/-/edge"
	// askLimit bounds a question to nginx.
	askLimit = 2 * time.Second
	// lookLimit bounds one lookup of a name.
	lookLimit = time.Second
	// configurationFile and socketFile are in the scratch directory.
	configurationFile = "nginx.conf"
	socketFile        = "tell.sock"
)

// State is how nginx is.
type State struct {
	// Version is nginx's: "1.22.1".
	Version string `json:"version"`
	// Workers are the processes that take requests, Leaving those of before a
	// reload that still answer what they have begun.
	Workers []int    `json:"workers"`
	Leaving []int    `json:"leaving,omitempty"`
	Servers []Server `json:"servers"`
}

// edge is one edge that runs.
type edge struct {
	Config
	targets *targets
	metrics *telemetry.Edge
	// lines is where nginx's log lines go, changed has a token while an address
	// is another one than nginx knows.
	lines   net.PacketConn
	changed chan struct{}
	version string
	client  http.Client

	// turn serialises changes of the configuration.
	turn sync.Mutex
	// nginx is nil before it has started.
	nginx atomic.Pointer[nginx]
}

// Run runs nginx until ctx is done, has it answer what it has begun, and
// returns nil. It returns an error when nginx ends by itself: whoever runs this
// program starts it again. The edge is ready when a gateway answers through
// nginx. Run owns the Admin listener.
func Run(ctx context.Context, c Config) error {
	if err := c.Check(); err != nil {
		return errors.Join(err, c.Admin.Close())
	}
	lines, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return errors.Join(fmt.Errorf("listen for nginx's lines: %w", err), c.Admin.Close())
	}
	if c.Lookup == nil {
		c.Lookup = lookup
	}
	metrics := telemetry.NewMetrics()
	e := &edge{
		Config: c, targets: newTargets(c.Gateways), metrics: telemetry.NewEdge(metrics), lines: lines,
		changed: make(chan struct{}, 1), version: versionOf(ctx, c.Program),
		client: http.Client{Timeout: askLimit, Transport: &http.Transport{DisableKeepAlives: true}},
	}
	metrics.Read(e.figures)
	return process.Program{
		Sockets: process.Sockets{Admin: c.Admin}, Service: "edge",
		Ready: e.ready, Metrics: metrics.Handler(),
		Routes: map[string]http.Handler{
			"GET " + transition.Path: e.targets.transitions,
			"GET " + StatePath:       http.HandlerFunc(e.state),
		},
		Background: e.serve,
		Log:        c.Log,
	}.Run(ctx)
}

// serve is Run without its watching.
func (e *edge) serve(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	defer e.lines.Close()
	all.Go(func() { (&reader{e.targets, e.metrics, e.Log}).read(e.lines) })
	serving, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	listener, err := e.listenTell()
	if err != nil {
		return err
	}
	e.lookAll(serving)
	if err := e.launch(serving); err != nil {
		err = errors.Join(err, listener.Close())
		if ctx.Err() != nil { // it was asked to end before it had begun
			return nil
		}
		return err
	}
	all.Go(func() { e.serveTell(serving, listener) })
	for _, g := range e.Gateways {
		all.Go(func() { e.follow(serving, g.Name) })
	}
	all.Go(func() { e.keepUp(serving) })
	err = e.nginx.Load().await(serving)
	stop(nil)
	return err
}

// launch starts nginx by what is known of the gateways.
func (e *edge) launch(ctx context.Context) error {
	e.turn.Lock()
	defer e.turn.Unlock()
	next, err := e.write()
	if err != nil {
		return err
	}
	n, err := e.start(ctx, e.file(configurationFile))
	if err != nil {
		return err
	}
	e.serving(next)
	e.nginx.Store(n)
	return nil
}

// reload has nginx serve by what is known of the gateways now.
func (e *edge) reload(ctx context.Context) error {
	e.turn.Lock()
	defer e.turn.Unlock()
	next, err := e.write()
	if err != nil {
		return err
	}
	if err := e.nginx.Load().reload(ctx); err != nil {
		return err
	}
	e.serving(next)
	e.metrics.Reloaded()
	return nil
}

// serving notes what nginx serves by.
func (e *edge) serving(applied []target) {
	e.targets.serving(applied)
	said := make([]string, 0, len(applied))
	for _, s := range e.targets.servers() {
		said = append(said, fmt.Sprintf("%s=%s*%d", s.Name, s.Address, s.Weight))
	}
	e.Log.Info("nginx serves by another configuration", "servers", strings.Join(said, " "))
}

// write renders the configuration for the gateways as they are known.
func (e *edge) write() ([]target, error) {
	next := e.targets.next()
	text, err := e.render(addressOf(e.lines), next)
	if err != nil {
		return nil, err
	}
	path := e.file(configurationFile)
	if err := errors.Join(os.WriteFile(path+".new", []byte(text), 0o600), os.Rename(path+".new", path)); err != nil {
		return nil, fmt.Errorf("write nginx's configuration: %w", err)
	}
	return next, nil
}

func addressOf(c net.PacketConn) netip.AddrPort {
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

// ready returns nil when a gateway answers through nginx.
func (e *edge) ready() error {
	if e.nginx.Load() == nil {
		return errors.New("nginx has not started yet")
	}
	answer, err := e.client.Get("http://" + e.Status + "/healthz")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("want a gateway to answer through nginx with status 200, saw %d", answer.StatusCode)
	}
	return nil
}

// state answers with the State.
func (e *edge) state(w http.ResponseWriter, _ *http.Request) {
	n := e.nginx.Load()
	if n == nil {
		http.Error(w, "nginx has not started yet", http.StatusServiceUnavailable)
		return
	}
	serving, leaving, err := n.processes()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(State{Version: e.version, Workers: serving, Leaving: leaving, Servers: e.targets.servers()})
}

// versionOf asks nginx for its version; empty when it does not say.
func versionOf(ctx context.Context, program string) string {
	said, err := exec.CommandContext(ctx, program, "-v").CombinedOutput()
	if err != nil {
		return ""
	}
	_, version, _ := strings.Cut(strings.TrimSpace(string(said)), "nginx/")
	return version
}
