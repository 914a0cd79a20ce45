package backup

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/fournines/fournines/stack/platform/vault"
)

// streamEvery is the pause before the stream is asked for again. Until it is
// there, what the database acknowledges is on its own disk only.
const streamEvery = 200 * time.Millisecond

// stream receives the log as it is written, until ctx is done. Each timeline
// has a folder of its own: after a restore to an earlier point the database has
// left the timeline that the last folder ends in, and would refuse to go on
// with it.
func (b *backup) stream(ctx context.Context) error {
	for ctx.Err() == nil {
		err := b.streamOnce(ctx)
		was := b.state.streaming(false)
		if ctx.Err() != nil {
			break
		}
		if was {
			b.failed("stream", err)
		} else { // the database is away, or starts
			b.Log.Debug("the log is not received as a stream", "error", err.Error())
		}
		if !pause(ctx, streamEvery) {
			break
		}
	}
	return nil
}

func (b *backup) streamOnce(ctx context.Context) error {
	system, timeline, err := b.identity(ctx)
	if err != nil {
		return err
	}
	if err := b.pin(system); err != nil {
		return err
	}
	folder := filepath.Join(b.streams(), fmt.Sprintf("%08X", timeline))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	b.Log.Info("receiving the log as a stream", "timeline", timeline)
	b.state.streaming(true)
	// It says how far it is as soon as that is on disk, which is what lets the
	// database wait for it before it acknowledges.
	return b.run(ctx, b.password(), b.program("pg_receivewal"), "--directory", folder, "--slot", vault.Slot,
		"--synchronous", "--no-loop", "--no-password", "--status-interval", "1", "--dbname", b.source(vault.Standby))
}

// source is the connection string of PostgreSQL's programs, without the
// password.
func (c Config) source(name string) string {
	host, port, _ := net.SplitHostPort(c.Source)
	return fmt.Sprintf("host=%s port=%s user=%s application_name=%s connect_timeout=3 sslmode=disable "+
		"keepalives_idle=2 keepalives_interval=1 keepalives_count=3 tcp_user_timeout=5000", host, port, vault.User, name)
}

func (c Config) password() []string { return []string{"PGPASSWORD=" + c.Password} }
