package netqueue

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// space is a network namespace: do runs what it is given on a thread in it.
type space struct {
	work chan func()
	tid  int
}

func newSpace(b *testing.B) *space {
	b.Helper()
	s := &space{work: make(chan func())}
	made := make(chan error)
	go func() {
		runtime.LockOSThread() // for ever: the thread ends with the goroutine, and with it the namespace
		s.tid = unix.Gettid()
		made <- unix.Unshare(unix.CLONE_NEWNET)
		for f := range s.work {
			f()
		}
	}()
	if err := <-made; err != nil {
		b.Skipf("a network namespace needs root: %v", err)
	}
	b.Cleanup(func() { close(s.work) })
	return s
}

func (s *space) do(f func() error) error {
	done := make(chan error)
	s.work <- func() { done <- f() }
	return <-done
}

// path leads from the near namespace to the far one, over a pair of virtual
// devices; packets are shaped where they arrive, in the far one.
type path struct {
	b         *testing.B
	near, far *space
}

const nearIP, farIP = "10.77.0.1", "10.77.0.2"

func newPath(b *testing.B) *path {
	b.Helper()
	if _, err := exec.LookPath("ip"); err != nil {
		b.Skip("want the command ip, of iproute2, to make virtual devices")
	}
	p := &path{b: b, near: newSpace(b), far: newSpace(b)}
	ip := func(s *space, args ...string) {
		b.Helper()
		if err := s.do(func() error {
			if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
				return fmt.Errorf("%w: %s", err, out)
			}
			return nil
		}); err != nil {
			b.Fatal(args, err)
		}
	}
	ip(p.near, "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", strconv.Itoa(p.far.tid))
	ip(p.near, "addr", "add", nearIP+"/24", "dev", "near")
	ip(p.far, "addr", "add", farIP+"/24", "dev", "far")
	ip(p.near, "link", "set", "near", "up")
	ip(p.far, "link", "set", "far", "up")
	return p
}

// shaped puts an effect into the far namespace for as long as f runs, and
// returns what it counted.
func (p *path) shaped(args map[string]string, f func()) map[string]int64 {
	p.b.Helper()
	if args == nil {
		f()
		return nil
	}
	full := map[string]string{"number": "1", "seed": "1"}
	maps.Copy(full, args)
	e, err := New(full)
	if err != nil {
		p.b.Fatal(err)
	}
	if err := p.far.do(func() error { return e.Apply(p.b.Context()) }); err != nil {
		p.b.Skipf("this kernel has no packet queues: %v", err)
	}
	f()
	var counters map[string]int64
	if err := p.far.do(func() error {
		seen, err := e.Seen(p.b.Context())
		counters = seen.Counters
		return errors.Join(err, e.Undo(p.b.Context(), nil))
	}); err != nil {
		p.b.Fatal(err)
	}
	return counters
}

// datagrams sends packets at a pace (0: as fast as it goes) for a time, and
// returns how many were sent and how long each took that arrived.
func (p *path) datagrams(rate int, length time.Duration) (sent int64, trips []time.Duration) {
	p.b.Helper()
	var in, out *net.UDPConn
	if err := errors.Join(
		p.far.do(func() (err error) {
			in, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(farIP), Port: 7000})
			return err
		}),
		p.near.do(func() (err error) {
			out, err = net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.ParseIP(farIP), Port: 7000})
			return err
		}),
	); err != nil {
		p.b.Fatal(err)
	}
	defer out.Close()
	_ = in.SetReadBuffer(16 << 20)
	var ended atomic.Bool
	var reading sync.WaitGroup
	epoch := time.Now()
	reading.Go(func() {
		buf := make([]byte, 64)
		for {
			_ = in.SetReadDeadline(time.Now().Add(time.Second))
			n, err := in.Read(buf)
			if err != nil {
				if ended.Load() {
					return
				}
				continue
			}
			if n >= 8 {
				trips = append(trips, time.Since(epoch)-time.Duration(binary.BigEndian.Uint64(buf)))
			}
		}
	})
	buf := make([]byte, 22) // 64 bytes on a wire
	pace := time.NewTicker(500 * time.Microsecond)
	defer pace.Stop()
	for began := time.Now(); time.Since(began) < length; {
		due := int64(1) << 62
		if rate > 0 {
			due = int64(time.Since(began).Seconds() * float64(rate))
		}
		for ; sent < due && time.Since(began) < length; sent++ {
			binary.BigEndian.PutUint64(buf, uint64(time.Since(epoch)))
			_, _ = out.Write(buf) // what is not sent does not arrive
		}
		<-pace.C
	}
	ended.Store(true)
	reading.Wait()
	in.Close()
	return sent, trips
}

// bulk is the speed of one TCP connection in Mbit/s.
func (p *path) bulk(length time.Duration) float64 {
	p.b.Helper()
	var l net.Listener
	if err := p.far.do(func() (err error) {
		l, err = net.Listen("tcp4", farIP+":7001")
		return err
	}); err != nil {
		p.b.Fatal(err)
	}
	defer l.Close()
	var received atomic.Int64
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		buf := make([]byte, 1<<17)
		for {
			n, err := c.Read(buf)
			received.Add(int64(n))
			if err != nil {
				return
			}
		}
	}()
	var c net.Conn
	if err := p.near.do(func() (err error) {
		c, err = net.Dial("tcp4", farIP+":7001")
		return err
	}); err != nil {
		p.b.Fatal(err)
	}
	defer c.Close()
	began, buf := time.Now(), make([]byte, 1<<17)
	_ = c.SetWriteDeadline(began.Add(length))
	for {
		if _, err := c.Write(buf); err != nil {
			break
		}
	}
	return float64(received.Load()) * 8 / 1e6 / time.Since(began).Seconds()
}

// average is the machine's load average over the last minute.
func average() string {
	text, _ := os.ReadFile("/proc/loadavg")
	var one string
	_, _ = fmt.Sscan(string(text), &one)
	return one
}
