package db

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fournines/fournines/stack/platform/vault"
)

// stopLimit is how long PostgreSQL may take to end; then it is killed, and
// recovers at its next start.
const stopLimit = 5 * time.Second

// server is PostgreSQL's main process.
type server struct {
	config Config
	cmd    *exec.Cmd
	ended  chan error
}

// start starts PostgreSQL; its lines go to the log.
func (c Config) start(lock *os.File) (*server, error) {
	cmd := exec.Command(filepath.Join(c.Binaries, "postgres"), "-D", c.cluster())
	cmd.Env = environment()
	if c.Backup != nil { // for archive_command and restore_command
		cmd.Env = append(cmd.Env, vault.PasswordVariable+"="+c.Backup.Password)
	}
	cmd.ExtraFiles = []*os.File{lock}
	lines, err := cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	s := &server{config: c, cmd: cmd, ended: make(chan error, 1)}
	go func() {
		for in := bufio.NewScanner(lines); in.Scan(); {
			logLine(c.Log, in.Text())
		}
		_, _ = io.Copy(io.Discard, lines) // a line too long for the scanner
		s.ended <- cmd.Wait()
	}()
	return s, nil
}

// await returns when PostgreSQL has ended: nil when ctx was done before, and
// it was asked to.
func (s *server) await(ctx context.Context) error {
	select {
	case err := <-s.ended:
		return fmt.Errorf("run PostgreSQL: want it to go on, it ended: %v", err)
	case <-ctx.Done():
	}
	// "Fast": transactions are rolled back, a checkpoint is written.
	_ = s.cmd.Process.Signal(syscall.SIGINT) // it may have ended
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	select {
	case err := <-s.ended:
		s.config.Log.Info("PostgreSQL has ended", "how", s.cmd.ProcessState.String())
		return err
	case <-limit.C:
		_ = s.cmd.Process.Kill()
		<-s.ended
		return fmt.Errorf("stop PostgreSQL: it did not end within %v and was killed", stopLimit)
	}
}
