package backup

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/fournines/fournines/stack/platform/vault"
)

const (
	// scratchPort names the socket of the restored server; it listens nowhere
	// else.
	scratchPort = 5432
	// scratchEvery is how often it is asked whether it has got there.
	scratchEvery = 50 * time.Millisecond
)

// scratch is a PostgreSQL on a copy of a base backup, for nobody but a drill.
type scratch struct {
	config  Config
	sockets string
	stop    func()
	// ended is closed when it has ended, after why was set.
	ended chan struct{}
	why   error
}

// startScratch starts a server that recovers to the target, and stays there.
func (b *backup) startScratch(ctx context.Context, folder string, target vault.Target) (*scratch, error) {
	sockets := filepath.Join(b.Scratch, "drill")
	access := filepath.Join(b.Scratch, "drill_hba.conf")
	err := errors.Join(
		os.RemoveAll(sockets), os.Mkdir(sockets, 0o700),
		// The socket is in a folder that is this user's own.
		os.WriteFile(access, []byte("local all all trust\n"), 0o600),
		vault.BeginRecovery(folder),
	)
	if err != nil {
		return nil, fmt.Errorf("prepare a server for the drill: %w", err)
	}
	settings := append([]vault.Setting{
		{Name: "listen_addresses", Value: ""}, {Name: "port", Value: fmt.Sprint(scratchPort)}, {Name: "unix_socket_directories", Value: sockets}, {Name: "hba_file", Value: access},
		{Name: "archive_mode", Value: "off"}, {Name: "synchronous_standby_names", Value: ""}, {Name: "hot_standby", Value: "on"},
		// It is thrown away, so that nothing needs to last.
		{Name: "fsync", Value: "off"}, {Name: "shared_buffers", Value: "16MB"}, {Name: "logging_collector", Value: "off"},
	}, b.own().Recovery(b.Self, target, "pause")...)
	args := []string{"-D", folder}
	for _, s := range settings {
		args = append(args, "-c", s.Name+"="+s.Value)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &scratch{config: b.Config, sockets: sockets, ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		s.why = b.run(ctx, []string{vault.PasswordVariable + "=" + b.Password}, b.program("postgres"), args...)
	}()
	s.stop = func() { cancel(); <-s.ended }
	return s, nil
}

// own is this program as its own client.
func (b *backup) own() vault.Client {
	_, port, _ := net.SplitHostPort(b.Admin.Addr().String()) // a listener's address has one
	return vault.Client{Admin: "http://127.0.0.1:" + port, Daemon: fmt.Sprintf("127.0.0.1:%d", b.DaemonPort), Password: b.Password}
}

// await connects to a database of the server once it has recovered to its
// target.
func (s *scratch) await(ctx context.Context, database string) (*pgx.Conn, error) {
	var last error
	for {
		conn, err := s.config.dial(ctx, s.sockets, scratchPort, database, "postgres", "")
		if err == nil {
			var state string
			err = conn.QueryRow(ctx, "SELECT pg_get_wal_replay_pause_state()").Scan(&state)
			if err == nil && state == "paused" {
				return conn, nil
			}
			if err == nil {
				err = fmt.Errorf("want it to have stopped at its target, saw %q", state)
			}
			err = errors.Join(err, conn.Close(ctx))
		}
		last = err
		select {
		case <-s.ended:
			return nil, fmt.Errorf("recover from the backup: the server ended: %w", s.why)
		default:
		}
		if !pause(ctx, scratchEvery) {
			return nil, fmt.Errorf("recover from the backup: %w: %w", context.Cause(ctx), last)
		}
	}
}
