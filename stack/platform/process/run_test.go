package process_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack/platform/process"
)

// life is a program that runs in a test.
type life struct {
	traffic, admin string // base URLs
	stop           context.CancelFunc
	kill           chan struct{}
	ended          chan error
}

// start runs a program until the test ends.
func start(t *testing.T, change func(*process.Program)) *life {
	t.Helper()
	goleak.VerifyNone(t, goleak.IgnoreCurrent())
	sockets := process.Sockets{Traffic: port(t), Admin: port(t)}
	l := &life{
		traffic: "http://" + sockets.Traffic.Addr().String(), admin: "http://" + sockets.Admin.Addr().String(),
		kill: make(chan struct{}), ended: make(chan error, 1),
	}
	sockets.Killed = l.kill
	p := process.Program{
		Sockets: sockets,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "answer") }),
		Ready:   func() error { return nil },
		Metrics: http.NotFoundHandler(),
		Log:     slog.New(slog.DiscardHandler),
	}
	change(&p)
	ctx, cancel := context.WithCancel(context.Background())
	l.stop = cancel
	t.Cleanup(cancel)
	go func() { l.ended <- p.Run(ctx) }()
	return l
}

func port(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// get returns status and body through a fresh connection; 0 when there is no
// answer.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func TestRequestsForAnotherServiceAreRefusedUntouched(t *testing.T) {
	touched := false
	l := start(t, func(p *process.Program) {
		p.Service = "catalog"
		p.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { touched = true })
	})
	for _, path := range []string{"/items/1", process.ReadyPath} {
		for meant, code := range map[string]int{"orders": 421, "catalog": 200, "": 200} {
			touched = false
			req, err := http.NewRequest(http.MethodGet, l.traffic+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set(process.ServiceHeader, meant)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != code || touched && code == 421 {
				t.Errorf("%s meant for %q: status %d, handler called %t; want %d", path, meant, resp.StatusCode, touched, code)
			}
		}
	}
	http.DefaultClient.CloseIdleConnections()
	l.stop()
	<-l.ended
}

func TestADrainDropsNothing(t *testing.T) {
	inFlight, release := make(chan struct{}), make(chan struct{})
	var order []string
	withdrawn, backgroundEnded := make(chan struct{}), make(chan struct{})
	l := start(t, func(p *process.Program) {
		p.Drain = 2 * time.Second // the checks below fit into it on a busy machine
		handler := p.Handler
		p.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/slow" {
				close(inFlight)
				<-release
			}
			handler.ServeHTTP(w, r)
		})
		p.Announce = func(ctx context.Context) error {
			<-ctx.Done()
			order = append(order, "withdrawn")
			close(withdrawn)
			return nil
		}
		p.Background = func(ctx context.Context) error {
			<-ctx.Done()
			order = append(order, "background")
			close(backgroundEnded)
			return nil
		}
	})
	for _, base := range []string{l.admin, l.traffic} {
		if code, body := get(t, base+process.ReadyPath); code != 200 {
			t.Fatalf("before the drain %s answers %d %q, want 200", base+process.ReadyPath, code, body)
		}
	}
	slow := make(chan int, 1)
	go func() {
		code, _ := get(t, l.traffic+"/slow")
		slow <- code
	}()
	<-inFlight
	l.stop()
	<-withdrawn
	if code, body := get(t, l.traffic+"/late"); code != 200 || body != "answer" {
		t.Errorf("a late request got %d %q, want it answered", code, body)
	}
	if code, _ := get(t, l.traffic+process.ReadyPath); code != 503 {
		t.Errorf("readiness while draining is %d, want 503", code)
	}
	if code, _ := get(t, l.admin+process.LivePath); code != 200 {
		t.Errorf("liveness while draining is %d, want 200", code)
	}
	select {
	case <-backgroundEnded:
		t.Error("background work ended before the last request")
	default:
	}
	close(release)
	if code := <-slow; code != 200 {
		t.Errorf("the request in flight got %d, want 200", code)
	}
	if err := <-l.ended; err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
	if code, _ := get(t, l.traffic+"/"); code != 0 {
		t.Errorf("after the end the port answers %d, want nothing", code)
	}
	if len(order) != 2 || order[0] != "withdrawn" || order[1] != "background" {
		t.Errorf("parts ended in the order %q, want withdrawn before background", order)
	}
}

func TestAnswersWhileDrainingCloseTheirConnection(t *testing.T) {
	withdrawn := make(chan struct{})
	l := start(t, func(p *process.Program) {
		p.Drain = time.Hour
		p.Announce = func(ctx context.Context) error { <-ctx.Done(); close(withdrawn); return nil }
	})
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	for _, want := range []bool{false, true} {
		req, _ := http.NewRequest(http.MethodGet, l.traffic, nil)
		resp, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.Close != want {
			t.Errorf("the answer closes its connection: %v, want %v", resp.Close, want)
		}
		l.stop()
		<-withdrawn
	}
	close(l.kill)
	<-l.ended
}

func TestAKilledProgramEndsAtOnce(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		before func(l *life, withdrawn <-chan struct{})
	}{
		{"while it serves", func(*life, <-chan struct{}) {}},
		{"while it drains", func(l *life, withdrawn <-chan struct{}) { l.stop(); <-withdrawn }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			withdrawn := make(chan struct{})
			l := start(t, func(p *process.Program) {
				p.Drain = time.Hour
				p.Announce = func(ctx context.Context) error { <-ctx.Done(); close(withdrawn); return nil }
			})
			if code, _ := get(t, l.traffic); code != 200 {
				t.Fatalf("status %d, want 200", code)
			}
			tt.before(l, withdrawn)
			close(l.kill)
			select {
			case err := <-l.ended:
				if err != nil {
					t.Errorf("Run = %v, want nil", err)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("the program goes on")
			}
		})
	}
}

func TestAPartThatFailsEndsTheProgram(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		rule   string
		change func(*process.Program)
	}{
		{"background work", func(p *process.Program) { p.Background = func(context.Context) error { return broken } }},
		{"the announcement", func(p *process.Program) { p.Announce = func(context.Context) error { return broken } }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			l := start(t, func(p *process.Program) { p.Drain = time.Hour; tt.change(p) })
			if err := <-l.ended; !errors.Is(err, broken) {
				t.Errorf("Run = %v, want %v", err, broken)
			}
		})
	}
}

func TestReadinessSaysWhatIsMissing(t *testing.T) {
	l := start(t, func(p *process.Program) { p.Ready = func() error { return errors.New("no data yet") } })
	for _, base := range []string{l.admin, l.traffic} {
		if code, body := get(t, base+process.ReadyPath); code != 503 || body != "not ready: no data yet\n" {
			t.Errorf("%s answers %d %q, want 503 with the reason", base+process.ReadyPath, code, body)
		}
	}
	if code, _ := get(t, l.admin+process.LivePath); code != 200 {
		t.Errorf("liveness is %d, want 200: a program that is not ready lives", code)
	}
	l.stop()
	<-l.ended
}
