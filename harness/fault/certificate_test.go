package fault

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

// shop is a load balancer that shows a certificate, weighs a server and can be
// reloaded.
type shop struct {
	*replica
	// deaf ones do as if they had done what they were told.
	deaf bool

	mu         sync.Mutex
	shows      string
	weight     int
	generation int
}

func newShop() *shop { return &shop{replica: newReplica("edge"), shows: "first", weight: 100} }

func (s *shop) do(f func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.deaf {
		f()
	}
	return nil
}

func (s *shop) Presents(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shows, nil
}

func (s *shop) Present(_ context.Context, name string) error { return s.do(func() { s.shows = name }) }

func (s *shop) Shown(ctx context.Context) (serial string, wrong, err error) {
	now, _ := s.Presents(ctx)
	switch now {
	case "expired":
		wrong = x509.CertificateInvalidError{Reason: x509.Expired}
	case "wrong-host":
		wrong = x509.HostnameError{Certificate: &x509.Certificate{}, Host: "edge"}
	}
	return "serial of " + now, wrong, ctx.Err()
}

func (s *shop) Weight(_ context.Context, server string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if server != "gateway-1" {
		return 0, fmt.Errorf("want server %q, saw gateway-1", server)
	}
	return s.weight, nil
}

func (s *shop) SetWeight(_ context.Context, _ string, weight int) error {
	return s.do(func() { s.weight = weight })
}

func (s *shop) Generation(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.generation), nil
}

func (s *shop) Reload(context.Context) error { return s.do(func() { s.generation++ }) }

// state is what a fault could have left.
func (s *shop) state() string { return fmt.Sprint(s.shows, " ", s.weight) }

// edgeID is the identity of a new shop.
const edgeID = "0123456789abe"

func TestFaultsOfTheEdge(t *testing.T) {
	for _, c := range []struct {
		action, broken string
		steps          []harness.UndoStep
	}{
		{"cert-expired", "expired 100", []harness.UndoStep{{Op: "present", Target: "edge", ID: edgeID, Args: data{keptCertificate: "first", keptSerial: "serial of first"}}}},
		{"cert-wrong-host", "wrong-host 100", []harness.UndoStep{{Op: "present", Target: "edge", ID: edgeID, Args: data{keptCertificate: "first", keptSerial: "serial of first"}}}},
		{"cert-rotate", "next 100", []harness.UndoStep{{Op: "present", Target: "edge", ID: edgeID, Args: data{keptCertificate: "first", keptSerial: "serial of first"}}}},
		{"lb-weight-skew", "first 1", []harness.UndoStep{{Op: "weigh", Target: "edge", ID: edgeID, Args: data{keptServer: "gateway-1", keptWeight: "100"}}}},
		{"edge-reload", "first 100", nil},
	} {
		t.Run(c.action+" takes hold, is seen and is undone, twice too", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop()
				f := bindShop(t, c.action, s)
				undo, err := f.Prepare(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.steps, undo.Steps); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				in, err := f.Inject(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if err := in.Await(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := s.state(); got != c.broken {
					t.Errorf("in effect: %q, want %q", got, c.broken)
				}
				for range 2 {
					if err := in.Recover(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				if got := s.state(); got != "first 100" {
					t.Errorf("undone: %q, want it as before", got)
				}
			})
		})
		t.Run(c.action+" that does not take hold is not in effect", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop()
				s.deaf = true
				in, err := bindShop(t, c.action, s).Inject(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if err := in.Await(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("Await = %v, want that it never was in effect", err)
				}
				if err := in.Recover(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
		t.Run(c.action+" wants a target that can do it", func(t *testing.T) {
			if _, err := New(c.action, Binding{Targets: []Target{newReplica("catalog-1")}}); !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("New = %v, want that this is not possible", err)
			}
		})
	}
}

func TestFaultsOfTheEdgeTouchNothingThatIsBrokenAlready(t *testing.T) {
	s := newShop()
	s.shows = "expired"
	if _, err := bindShop(t, "cert-rotate", s).Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing was touched") {
		t.Errorf("Prepare beside a bad certificate = %v, want that nothing was touched", err)
	}
	s.weight = 1
	if _, err := bindShop(t, "lb-weight-skew", s).Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "choose another") {
		t.Errorf("Prepare with the weight that there is = %v, want that another is to be chosen", err)
	}
	if _, err := New("lb-weight-skew", Binding{Targets: []Target{s}, Values: Values{"server": "a/b", "weight": "257"}}); err == nil {
		t.Error("a weight of 257 for a server with a slash was taken")
	}
}

func bindShop(t *testing.T, action string, s *shop) harness.Fault {
	t.Helper()
	f, err := New(action, Binding{Targets: []Target{s}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}
