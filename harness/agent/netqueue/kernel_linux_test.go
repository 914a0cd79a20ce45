package netqueue

import (
	"context"
	"errors"
	"maps"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/agenttest"
)

// line is a UDP sender and receiver in this namespace.
type line struct {
	t        *testing.T
	from, to *net.UDPConn
	effect   *queued
}

// newLine shapes what goes to the receiver; the kernel is skipped for that
// cannot.
func newLine(t *testing.T, args map[string]string) *line {
	t.Helper()
	to, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	from, err := net.DialUDP("udp4", nil, to.LocalAddr().(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { from.Close(); to.Close() })
	l := &line{t: t, from: from, to: to}
	full := map[string]string{"peers": "127.0.0.1", "protocol": "udp", "number": "4711", "seed": "1"}
	maps.Copy(full, args)
	e, err := New(full)
	if err != nil {
		t.Fatal(err)
	}
	l.effect = e.(*queued)
	before, err := l.effect.Before(t.Context())
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EOPNOTSUPP) {
		t.Skipf("this kernel has no packet queues: %v", err)
	}
	if err != nil || before["way"] != "nfqueue" {
		t.Fatalf("Before = %v, %v", before, err)
	}
	if seen := l.seen(); seen.Active {
		t.Fatalf("Before put it into effect: %+v", seen)
	}
	if err := l.effect.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.undo() })
	if seen := l.seen(); !seen.Active {
		t.Fatalf("not in effect: %+v", seen)
	}
	return l
}

func (l *line) seen() (s struct {
	Active   bool
	Counters map[string]int64
}) {
	l.t.Helper()
	got, err := l.effect.Seen(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	s.Active, s.Counters = got.Active, got.Counters
	return s
}

func (l *line) undo() {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l.t.Context()), 5*time.Second)
	defer cancel()
	if err := l.effect.Undo(ctx, nil); err != nil {
		l.t.Error(err)
	}
}

// send sends packets; their content is long enough that no bit of a checksum
// or length decides about it.
func (l *line) send(packets ...string) {
	l.t.Helper()
	for _, p := range packets {
		if _, err := l.from.Write([]byte(p)); err != nil {
			l.t.Fatal(err)
		}
	}
}

// receive waits for n packets, and then a moment for more of them.
func (l *line) receive(n int) (got []string) {
	l.t.Helper()
	b := make([]byte, 2048)
	for {
		patience := 5 * time.Second
		if len(got) >= n {
			patience = 50 * time.Millisecond
		}
		_ = l.to.SetReadDeadline(time.Now().Add(patience))
		size, err := l.to.Read(b)
		if err != nil {
			return got
		}
		got = append(got, string(b[:size]))
	}
}

func (l *line) want(got []string, want ...string) {
	l.t.Helper()
	if strings.Join(got, " ") != strings.Join(want, " ") {
		l.t.Errorf("received %q, want %q; %+v", got, want, l.seen().Counters)
	}
}

func TestDelayHoldsEveryPacketInOrder(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	l := newLine(t, map[string]string{"latency": "60ms", "jitter": "50ms"})
	began := time.Now()
	l.send("1", "2", "3", "4", "5", "6", "7", "8")
	l.want(l.receive(8), "1", "2", "3", "4", "5", "6", "7", "8")
	if took := time.Since(began); took < 10*time.Millisecond {
		t.Errorf("everything came within %s", took)
	}
	if c := l.seen().Counters; c["queued"] != 8 || c["decided"] != 8 || c["passed undecided"] != 0 || c["not read"] != 0 {
		t.Errorf("counters = %v", c)
	}
}

func TestUndoLosesNothing(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	l := newLine(t, map[string]string{"latency": "1h"})
	l.send("held", "too")
	l.undo()
	l.want(l.receive(2), "held", "too")
	if l.seen().Active {
		t.Error("in effect after Undo")
	}
	l.send("free")
	l.want(l.receive(1), "free")
	l.undo() // once more
}

func TestLossDuplicateAndReorder(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	t.Run("loss", func(t *testing.T) {
		l := newLine(t, map[string]string{"loss": "1"})
		l.send("a", "b")
		l.want(l.receive(0))
		if c := l.seen().Counters; c["lost"] != 2 || c["queued"] != 2 {
			t.Errorf("counters = %v", c)
		}
	})
	t.Run("duplicate", func(t *testing.T) {
		l := newLine(t, map[string]string{"duplicate": "1"})
		l.send("a", "b")
		got := l.receive(4)
		if n := strings.Count(strings.Join(got, ""), "a"); len(got) != 4 || n != 2 {
			t.Errorf("received %q", got)
		}
		if c := l.seen().Counters; c["doubled"] != 2 || c["queued"] != 2 {
			t.Errorf("counters = %v", c)
		}
	})
	t.Run("reorder", func(t *testing.T) {
		l := newLine(t, map[string]string{"gap": "3", "holdBack": "100ms"})
		l.send("1", "2", "3", "4", "5")
		l.want(l.receive(5), "1", "2", "4", "5", "3")
	})
}

func TestCorruptWithAndWithoutItsChecksum(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	for _, good := range []string{"true", "false"} {
		t.Run(good, func(t *testing.T) {
			l := newLine(t, map[string]string{"corrupt": "1", "goodChecksum": good})
			l.send("abcdefgh")
			if good == "false" {
				l.want(l.receive(0))
				return
			}
			got := l.receive(1)
			if len(got) != 1 || len(got[0]) != 8 || got[0] == "abcdefgh" {
				t.Errorf("received %q, want 8 other bytes", got)
			}
		})
	}
}

func TestWhatDoesNotFitPassesAndIsCounted(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	l := newLine(t, map[string]string{"latency": "1h", "length": "2"})
	l.send("1", "2", "3", "4", "5")
	l.want(l.receive(3), "3", "4", "5")
	if c := l.seen().Counters; c["passed undecided"] != 3 || c["held"] != 2 {
		t.Errorf("counters = %v, want 3 that passed", c)
	}
}

func TestTheKernelRemovesWhatADeadAgentLeft(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	l := newLine(t, map[string]string{"loss": "1"})
	other := &queued{table: l.effect.table, number: l.effect.number}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := other.Undo(ctx, nil); err == nil || !strings.Contains(err.Error(), "still holds it") {
		t.Errorf("Undo beside an agent that lives: %v", err)
	}
	if _, err := other.Before(t.Context()); err == nil || !strings.Contains(err.Error(), "another process holds") {
		t.Errorf("Before beside an agent that lives: %v", err)
	}
	l.effect.rules.Close() // as the end of the process does
	l.effect.rules = nil
	if err := other.Undo(t.Context(), nil); err != nil {
		t.Error(err)
	}
	l.send("free")
	l.want(l.receive(1), "free")
}

func TestFilterLeavesOthersAlone(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	for name, args := range map[string]map[string]string{
		"another peer": {"peers": "192.0.2.1"}, "another protocol": {"protocol": "tcp"},
		"another port": {"port": "9"}, "loopback is nobody outside": {"peers": "", "protocol": ""},
	} {
		t.Run(name, func(t *testing.T) {
			args["loss"] = "1"
			l := newLine(t, args)
			l.send("free")
			l.want(l.receive(1), "free")
			if c := l.seen().Counters; c["queued"] != 0 {
				t.Errorf("counters = %v", c)
			}
		})
	}
}
