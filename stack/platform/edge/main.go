package edge

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/process"
)

// scratchDirectory is the usual Config.Scratch.
const scratchDirectory = "/scratch"

// Main is the program "fournines platform edge". It runs nginx until ctx is
// done or SIGTERM or SIGINT arrives, and then returns nil. Log lines and usage
// go to stdout.
func Main(ctx context.Context, args []string, stdout io.Writer) error {
	c := Config{}
	var without string
	flags := process.NewWatched("edge", ":8404", "/-/live, /-/ready, /metrics and "+StatePath, stdout)
	flags.StringVar(&c.Listen, "listen", "8080", "`port` of the clients")
	flags.StringVar(&c.Status, "status", "127.0.0.1:8405", "`address` on which nginx says how it is")
	flags.StringVar(&c.Scratch, "scratch", scratchDirectory, "`directory` for nginx's configuration")
	flags.StringVar(&c.Program, "program", "/usr/sbin/nginx", "nginx's `executable`")
	flags.StringVar(&c.Balance, "balance", stack.RoundRobin, "how requests are spread: "+strings.Join(stack.Balances(), ", "))
	flags.StringVar(&c.Certificate, "certificate", "", "PEM `file` with certificate and key that clients are shown (default: no TLS)")
	flags.StringVar(&c.Authority, "authority", "", "PEM `file` with the certificate of whom gateways are certified by")
	flags.StringVar(&without, "without", "", "`features` to switch off, with commas between them: "+strings.Join(features[:], ", "))
	flags.DurationVar(&c.LookEvery, "look-every", 200*time.Millisecond, "pause between two lookups of a gateway's name")
	flags.Func("gateway", "a gateway as `name:port=weight`, more than once", func(text string) error {
		g, err := parseGateway(text)
		c.Gateways = append(c.Gateways, g)
		return err
	})
	if err := flags.Read(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if c.LookEvery <= 0 {
		return fmt.Errorf("edge: --look-every is %v, want more than 0s", c.LookEvery)
	}
	c.Name, c.Log = flags.Replica, flags.Log()
	if without != "" {
		c.Without = strings.Split(without, ",")
	}
	if err := c.Check(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	var err error
	if c.Admin, err = flags.Listen(); err != nil {
		return err
	}
	return Run(ctx, c)
}
