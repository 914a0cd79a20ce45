package zookeeper

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"syscall"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

const (
	// StatusPath says on the admin port, as a Status, which role the member
	// plays; 503 while it plays none.
	StatusPath = "/status"
	// AgreePath makes the ensemble agree on a write that changes nothing, when
	// it is posted to: 200 when a majority did, and else 503.
	AgreePath = "/agree"
	// agreeLimit bounds such a write.
	agreeLimit = 900 * time.Millisecond
	// stopLimit is how long ZooKeeper may take to end; then it is killed.
	stopLimit = 3 * time.Second
)

// Run runs the member until ctx is done, ends it and returns nil. It returns an
// error when the member ends by itself: whoever runs this program starts it
// again. The program is ready when the member leads or follows.
func Run(ctx context.Context, c Config) error {
	metrics := telemetry.NewMetrics()
	metrics.Read(c.figures)
	return process.Program{
		Sockets: process.Sockets{Admin: c.Admin}, Service: "zookeeper",
		Ready: func() error {
			_, err := c.status(context.Background())
			return err
		},
		Metrics:    metrics.Handler(),
		Routes:     map[string]http.Handler{"GET " + StatusPath: http.HandlerFunc(c.serveStatus), "POST " + AgreePath: http.HandlerFunc(c.serveAgree)},
		Background: c.serve,
		Log:        c.Log,
	}.Run(ctx)
}

// serve runs ZooKeeper's process; its lines go to the log.
func (c Config) serve(ctx context.Context) error {
	if err := c.write(); err != nil {
		return err
	}
	command := c.command()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = c.Data, []string{"LC_ALL=C.UTF-8"}
	lines, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start ZooKeeper: %w", err)
	}
	logged, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(logged)
		for in := bufio.NewScanner(lines); in.Scan(); {
			c.Log.Warn(in.Text(), "from", "zookeeper")
		}
		_, _ = io.Copy(io.Discard, lines) // a line too long for the scanner
	}()
	go func() {
		err := cmd.Wait()
		w.Close()
		<-logged
		ended <- err
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("run ZooKeeper: want it to go on, it ended: %v", err)
	case <-ctx.Done():
	}
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	select {
	case <-ended: // with the signal's exit code: Java has no other
		c.Log.Info("ZooKeeper has ended", "how", cmd.ProcessState.String())
		return nil
	case <-limit.C:
		_ = cmd.Process.Kill()
		<-ended
		return fmt.Errorf("stop ZooKeeper: it did not end within %v and was killed", stopLimit)
	}
}

// status asks the member which role it plays.
func (c Config) status(ctx context.Context) (Status, error) {
	answer, err := ask(ctx, c.Port, "srvr")
	if err != nil {
		return Status{}, err
	}
	return parseStatus(answer)
}

// figures are the member's own; none while it does not answer.
func (c Config) figures() []telemetry.Figure {
	up := telemetry.Figure{Name: "fournines_zookeeper_up", Help: "1 when the member leads or follows, else 0."}
	answer, err := ask(context.Background(), c.Port, "mntr")
	if err != nil {
		return []telemetry.Figure{up}
	}
	all, err := parseFigures(answer)
	if err == nil {
		up.Value = 1
	}
	return append(all, up)
}

func (c Config) serveStatus(w http.ResponseWriter, r *http.Request) {
	s, err := c.status(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(s) // the asker went away
}

// serveAgree writes through this member alone.
func (c Config) serveAgree(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), agreeLimit)
	defer cancel()
	member, err := registry.OpenZooKeeper(fmt.Sprintf("zookeeper://127.0.0.1:%d", c.Port))
	if err == nil {
		err = errors.Join(member.Agree(ctx), member.Close())
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "agreed\n")
}
