package process

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Watched is what every program takes that runs somebody else's server, such as
// PostgreSQL, and shows on an admin port how that is: --name, --admin and
// --log-level, and what the program adds.
type Watched struct {
	*flag.FlagSet
	// Replica is the replica's name.
	Replica string

	admin  string
	level  slog.Level
	stdout io.Writer
}

// NewWatched makes the flags of a program. admin is the usual address of the
// admin port, pages what can be read there. Usage and log lines go to stdout.
func NewWatched(program, admin, pages string, stdout io.Writer) *Watched {
	w := &Watched{FlagSet: flag.NewFlagSet(program, flag.ContinueOnError), stdout: stdout}
	w.SetOutput(stdout)
	w.StringVar(&w.Replica, "name", program, "the replica's `name`")
	w.StringVar(&w.admin, "admin", admin, "`address` of "+pages)
	w.TextVar(&w.level, "log-level", slog.LevelInfo, "lowest `level` to log: debug, info, warn or error")
	return w
}

// Read reads the flags; the error is flag.ErrHelp when help was asked for.
func (w *Watched) Read(args []string) error {
	switch err := w.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return fmt.Errorf("read the flags of %s: %w", w.FlagSet.Name(), err)
	case w.NArg() > 0:
		return fmt.Errorf("%s: unexpected arguments %q, want flags only", w.FlagSet.Name(), w.Args())
	}
	return nil
}

// Log is where the program writes its log.
func (w *Watched) Log() *slog.Logger {
	return telemetry.NewLogger(w.stdout, w.level, w.FlagSet.Name(), w.Replica)
}

// Listen opens the admin port.
func (w *Watched) Listen() (net.Listener, error) {
	l, err := net.Listen("tcp", w.admin)
	if err != nil {
		return nil, fmt.Errorf("listen for admin on %q: %w", w.admin, err)
	}
	return l, nil
}

// CheckPort refuses a number that is no port.
func (w *Watched) CheckPort(flag string, port uint) error {
	if port == 0 || port > 65535 {
		return fmt.Errorf("%s: --%s is %d, want 1 to 65535", w.FlagSet.Name(), flag, port)
	}
	return nil
}
