package edge

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// double is nginx as far as processes and signals go: a main process with two
// workers, others after SIGHUP. It refuses a configuration with the word bad.
const double = `#!/bin/sh
case "$*" in *-v*) echo "nginx version: nginx/1.22.1" >&2; exit 0;; esac
while [ "$1" != -c ]; do shift; done
workers() { sleep 1000 & a=$!; sleep 1000 & b=$!; }
reload() { grep -q bad "$2" && return; kill $a $b; workers; }
workers
trap 'reload "$@"' HUP
trap 'kill $a $b; exit 0' QUIT TERM
while :; do wait; done
`

// running is an edge with a double of nginx.
type running struct {
	config Config
	admin  string
	// address is where gateway-1 is.
	address atomic.Pointer[netip.Addr]
	end     context.CancelFunc
	ended   chan error
}

func start(t *testing.T) *running {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked for in /proc")
	}
	c := sound(t)
	c.Program = filepath.Join(t.TempDir(), "nginx")
	if err := os.WriteFile(c.Program, []byte(double), 0o700); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.Admin, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	// A shell cannot trap what was ignored when it began, as under nohup.
	hups := make(chan os.Signal, 1)
	signal.Notify(hups, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hups) })
	r := &running{admin: "http://" + c.Admin.Addr().String(), ended: make(chan error, 1)}
	r.moves("10.0.0.1")
	c.LookEvery = 5 * time.Millisecond
	c.Log = slog.New(slog.DiscardHandler)
	c.Lookup = func(_ context.Context, name string) (netip.Addr, error) {
		if name == "gateway-1" {
			return *r.address.Load(), nil
		}
		return netip.Addr{}, errors.New("it is nowhere")
	}
	r.config = c
	ctx, cancel := context.WithCancel(t.Context())
	r.end = cancel
	go func() { r.ended <- Run(ctx, c) }()
	return r
}

func (r *running) moves(to string) {
	address := netip.MustParseAddr(to)
	r.address.Store(&address)
}

// stop ends the edge and returns what it ended with.
func (r *running) stop() error {
	r.end()
	return <-r.ended
}

// state asks the edge until it is as wanted.
func (r *running) state(t *testing.T, want string, good func(State) bool) State {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var s State
	for {
		answer, err := client.Get(r.admin + StatePath)
		if err == nil {
			s = State{}
			err = json.NewDecoder(answer.Body).Decode(&s)
			answer.Body.Close()
		}
		if err == nil && good(s) {
			return s
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("want %s, saw %+v, %v", want, s, err)
		}
	}
}

func serving(s State) bool { return len(s.Workers) == workers }

func TestAReloadIsOtherWorkers(t *testing.T) {
	defer goleak.VerifyNone(t)
	r := start(t)
	before := r.state(t, "workers", serving)
	if before.Version != "1.22.1" || len(before.Servers) != 3 || before.Servers[0] != (Server{Name: "gateway-1", Address: "10.0.0.1:8080", Weight: 200}) || before.Servers[2].Address != "" {
		t.Errorf("state %+v", before)
	}
	if err := Tell(t.Context(), r.config.Scratch, "reload"); err != nil {
		t.Fatal(err)
	}
	after := r.state(t, "workers", serving)
	if slices.ContainsFunc(after.Workers, func(pid int) bool { return slices.Contains(before.Workers, pid) }) {
		t.Errorf("workers %v after a reload, %v before it: want others", after.Workers, before.Workers)
	}
	if err := r.stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestAnotherWeightIsAnotherConfiguration(t *testing.T) {
	defer goleak.VerifyNone(t)
	r := start(t)
	before := r.state(t, "workers", serving)
	if err := Tell(t.Context(), r.config.Scratch, "weight", "gateway-1", "7"); err != nil {
		t.Fatal(err)
	}
	after := r.state(t, "workers", serving)
	if after.Servers[0].Weight != 7 || slices.Equal(after.Workers, before.Workers) {
		t.Errorf("state %+v, before %+v; want weight 7 and other workers", after, before)
	}
	text, err := os.ReadFile(filepath.Join(r.config.Scratch, configurationFile))
	if err != nil || !strings.Contains(string(text), "server 10.0.0.1:8080 weight=7 ") {
		t.Errorf("the configuration (%v):\n%s", err, text)
	}
	for _, command := range []string{"weight gateway-9 1", "weight gateway-1 257", "weight gateway-1 -1", "weight gateway-1 x", "weight gateway-1", "stop", ""} {
		if err := Tell(t.Context(), r.config.Scratch, strings.Fields(command)...); err == nil {
			t.Errorf("%q was carried out", command)
		}
	}
	if now := r.state(t, "workers", serving); !slices.Equal(now.Workers, after.Workers) || now.Servers[0].Weight != 7 {
		t.Errorf("what was refused changed %+v to %+v", after, now)
	}
	if err := r.stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestAGatewayIsFollowedToItsNewAddress(t *testing.T) {
	defer goleak.VerifyNone(t)
	r := start(t)
	before := r.state(t, "workers", serving)
	r.moves("10.0.0.9")
	after := r.state(t, "gateway-1 at its new address", func(s State) bool {
		return serving(s) && s.Servers[0].Address == "10.0.0.9:8080"
	})
	if slices.Equal(after.Workers, before.Workers) {
		t.Errorf("workers %v before and after", after.Workers)
	}
	if err := r.stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestAnEdgeWhoseNginxEndsEnds(t *testing.T) {
	defer goleak.VerifyNone(t)
	c := sound(t)
	c.Program = filepath.Join(t.TempDir(), "nginx")
	if err := os.WriteFile(c.Program, []byte("#!/bin/sh\necho broken >&2\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.Admin, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	c.LookEvery, c.Log = time.Hour, slog.New(slog.DiscardHandler)
	c.Lookup = func(context.Context, string) (netip.Addr, error) { return netip.Addr{}, errors.New("it is nowhere") }
	if err := Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "want it to go on") {
		t.Errorf("it ended with %v", err)
	}
}

func TestAConfigurationThatNginxRefusesIsAnError(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked for in /proc")
	}
	c := sound(t)
	c.Program, c.Log = filepath.Join(t.TempDir(), "nginx"), slog.New(slog.DiscardHandler)
	if err := os.WriteFile(c.Program, []byte(double), 0o700); err != nil {
		t.Fatal(err)
	}
	path := c.file(configurationFile)
	if err := os.WriteFile(path, []byte("bad"), 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := c.start(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.await(running) }()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := n.reload(ctx); err == nil || !strings.Contains(err.Error(), "want 2 other workers") {
		t.Errorf("reload: %v; want that nobody took over", err)
	}
	stop()
	<-ended
}
