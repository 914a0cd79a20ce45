package load

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
)

// BenchmarkRun is the generator's own cost per request, server in the same
// process included. us-cpu/req x rate is the share of a core that a load
// takes: 100 us at 1000/s is 10 % of one core.
func BenchmarkRun(b *testing.B) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"id":1,"name":"lamp"}`)
	}))
	defer srv.Close()
	for _, rate := range []float64{300, 1000} {
		b.Run(fmt.Sprintf("%.0f-per-second", rate), func(b *testing.B) {
			l, err := New(Config{
				Rate: rate, Timeout: time.Second,
				For:      time.Duration(float64(b.N) / rate * float64(time.Second)),
				Requests: func(uint64) Request { return Request{URL: srv.URL, Check: isItem(1)} },
			})
			if err != nil {
				b.Fatal(err)
			}
			var lag time.Duration
			bad := 0
			before := cpu(b)
			b.ReportAllocs()
			if err := l.Run(b.Context(), func(e harness.Event) {
				if e.Class != harness.OK {
					bad++
					return
				}
				lag += e.Sent.Sub(e.Intended)
			}); err != nil {
				b.Fatal(err)
			}
			perRequest := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(b.N) }
			used := perRequest(cpu(b) - before)
			b.ReportMetric(used, "us-cpu/req")
			b.ReportMetric(float64(bad), "bad")
			b.ReportMetric(perRequest(lag), "us-lag/req")
			if b.N < int(rate) {
				return // less than a second: the benchmark's own first tries
			}
			row := benchmark.Load.Row(fmt.Sprintf("%.0f/s", rate), fmt.Sprint(b.N), fmt.Sprintf("%.0f µs", used), fmt.Sprintf("%.0f µs", perRequest(lag)), fmt.Sprint(bad))
			if err := benchmark.Load.Print(os.Stdout, row); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// cpu is the processor time of this process so far, all threads.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkClassify(b *testing.B) {
	err := &url.Error{Op: "Get", Err: &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}}
	b.ReportAllocs()
	for b.Loop() {
		if Classify(err) != harness.Reset {
			b.Fatal("wrong class")
		}
	}
}

func BenchmarkBrowse(b *testing.B) {
	source := Browse("http://127.0.0.1:8080", 1)
	b.ReportAllocs()
	seq := uint64(0)
	for b.Loop() {
		source(seq)
		seq++
	}
}
