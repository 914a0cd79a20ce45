package netcut

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

// AnyPort is where a witness knocks when all that it wants to know is whether
// packets pass: nothing listens there, and the refusal is an answer.
const AnyPort = 9

// WitnessArgs are the arguments of "net-witness". It dials every address by
// TCP each time it is asked what it sees, and gives up after patience. Its
// counters: how many were "connected", "refused" and "silent" (no answer, or
// none but that there is no way); "rtt-us ADDRESS" is the time to an answer in
// microseconds, and is there for those alone that answered; "tables" is
// 1 when the kernel has rules of net-cut in the witness's own namespace.
func WitnessArgs(dial []netip.AddrPort, patience time.Duration) map[string]string {
	texts := make([]string, len(dial))
	for i, a := range dial {
		texts[i] = a.String()
	}
	return map[string]string{"dial": strings.Join(texts, ","), "patience": patience.String()}
}

// dials are the connections that a witness tries.
type dials struct {
	to       []netip.AddrPort
	patience time.Duration
}

func parseDials(args map[string]string) (d dials, err error) {
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if name != "dial" && name != "patience" {
			return d, fmt.Errorf("unknown argument %q: want dial and patience", name)
		}
	}
	if d.patience, err = time.ParseDuration(args["patience"]); err != nil || d.patience <= 0 {
		return d, fmt.Errorf("patience: want a duration, saw %q", args["patience"])
	}
	if args["dial"] == "" {
		return d, nil
	}
	for word := range strings.SplitSeq(args["dial"], ",") {
		a, err := netip.ParseAddrPort(word)
		if err != nil {
			return d, fmt.Errorf("dial: want addresses with ports and commas between them, saw %q", word)
		}
		d.to = append(d.to, a)
	}
	return d, nil
}

func (d dials) try(ctx context.Context) agent.Seen {
	s := agent.Seen{Counters: map[string]int64{"connected": 0, "refused": 0, "silent": 0}}
	var (
		mu     sync.Mutex
		silent []string
		wg     sync.WaitGroup
	)
	for _, to := range d.to {
		wg.Go(func() {
			what, took := dial(ctx, to, d.patience)
			mu.Lock()
			defer mu.Unlock()
			s.Counters[what]++
			if what == "silent" {
				silent = append(silent, to.String())
			} else {
				s.Counters["rtt-us "+to.Addr().String()] = took.Microseconds()
			}
		})
	}
	wg.Wait()
	slices.Sort(silent)
	s.Detail = "everybody answers"
	if len(silent) > 0 {
		s.Detail = "no answer from " + strings.Join(silent, ", ")
	}
	return s
}

// dial tries one connection and says what came of it.
func dial(ctx context.Context, to netip.AddrPort, patience time.Duration) (what string, took time.Duration) {
	dialer := net.Dialer{Timeout: patience}
	began := time.Now()
	conn, err := dialer.DialContext(ctx, "tcp", to.String())
	took = time.Since(began)
	switch {
	case err == nil:
		_ = conn.Close()
		return "connected", took
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET):
		return "refused", took
	default:
		return "silent", took
	}
}
