package gateway

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnIdleServiceIsServedRoundRobin(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for range 9 {
			b.get()
		}
		if diff := cmp.Diff(map[string]int{name(1): 3, name(2): 3, name(3): 3}, b.reached()); diff != "" {
			t.Errorf("tries by endpoint (-want +got):\n%s", diff)
		}
	})
}

func TestAnEndpointIsEjectedAndReadmitted(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		how    behaviour
		detail string
	}{
		{"one that refuses connections", fails(syscall.ECONNREFUSED), "3 failures in a row: connection refused"},
		{"one that resets connections", fails(syscall.ECONNRESET), "3 failures in a row: connection reset"},
		{"one whose address is another program's by now", answers(421, "this is gateway"), "3 failures in a row: somebody else's address"},
		{"one that answers 500", answers(500, ""), "3 failures in a row: server error"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, b *bench) {
				b.set(name(2), tt.how)
				for range 9 { // at one time: no probe comes in between
					if got := b.get(); got.Code != 200 {
						t.Fatalf("got %+v, want 200", got)
					}
				}
				if n := b.reached()[name(2)]; n != 3 {
					t.Errorf("the bad endpoint got %d requests, want 3", n)
				}
				last := b.transitions.After(3)
				if len(last) != 1 || last[0].Kind != "ejected" || last[0].Subject != name(2) || last[0].Detail != tt.detail {
					t.Fatalf("transitions %+v, want %s ejected because of %q", last, name(2), tt.detail)
				}
				if diff := cmp.Diff([]string{`fournines_endpoint_ejected{endpoint="catalog-2",service="catalog"} 1`}, b.metric(`fournines_endpoint_ejected{endpoint="catalog-2"`)); diff != "" {
					t.Errorf("metric (-want +got):\n%s", diff)
				}

				pass(5 * time.Second)
				for range 9 {
					b.get()
				}
				if n := b.reached()[name(2)]; n != 0 {
					t.Errorf("the ejected endpoint got %d requests while it was bad, want none", n)
				}

				b.set(name(2), answers(200, ""))
				// Probes come every 200 ms; one may have to wait out the 500 ms
				// after the last bad one, and two must be good.
				pass(500*time.Millisecond + 2*200*time.Millisecond)
				if got := b.kinds(); got[len(got)-1] != "readmitted catalog-2" {
					t.Errorf("transitions %q, want the endpoint readmitted", got)
				}
				for range 9 {
					b.get()
				}
				if n := b.reached()[name(2)]; n != 3 {
					t.Errorf("the readmitted endpoint got %d of 9 requests, want 3", n)
				}
			})
		})
	}
}

func TestProbesEjectAnEndpointWithoutTraffic(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		ready  behaviour
		within time.Duration
		detail string
	}{
		{"a hung one", hangs, 750 * time.Millisecond, "2 bad probes in a row: no answer in time"},
		{"a dead one", fails(syscall.ECONNREFUSED), 450 * time.Millisecond, "2 bad probes in a row: connection refused"},
		{"one that is not ready", answers(503, "draining"), 450 * time.Millisecond, "2 bad probes in a row: not ready: status 503"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, b *bench) {
				b.setReady(name(3), tt.ready)
				pass(tt.within)
				last := b.transitions.After(3)
				if len(last) != 1 || last[0].Kind != "ejected" || last[0].Subject != name(3) || last[0].Detail != tt.detail {
					t.Errorf("transitions within %v: %+v, want %s ejected because of %q", tt.within, last, name(3), tt.detail)
				}
			})
		})
	}
}

func TestASingleBadProbeEjectsNobody(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		b.setReady(name(3), fails(syscall.ECONNREFUSED))
		pass(250 * time.Millisecond) // one probe
		b.setReady(name(3), answers(200, ""))
		pass(200 * time.Millisecond) // one good probe
		b.setReady(name(3), fails(syscall.ECONNREFUSED))
		pass(200 * time.Millisecond) // another bad one
		b.setReady(name(3), answers(200, ""))
		pass(time.Second)
		if got := b.transitions.After(3); len(got) != 0 {
			t.Errorf("transitions %+v, want none", got)
		}
	})
}

func TestTheLastEndpointIsNeverEjected(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for n := 1; n <= 3; n++ {
			b.set(name(n), fails(syscall.ECONNREFUSED))
		}
		for range 30 {
			b.get()
			pass(100 * time.Millisecond)
		}
		ejected := 0
		for _, line := range b.metric("fournines_endpoint_ejected{") {
			if strings.HasSuffix(line, " 1") {
				ejected++
			}
		}
		if ejected != 2 {
			t.Errorf("%d of 3 endpoints are ejected, want 2", ejected)
		}
		for n := 1; n <= 3; n++ {
			b.set(name(n), answers(200, ""))
		}
		if got := b.get(); got.Code != 200 {
			t.Errorf("status %d as soon as the endpoints are good again, want 200", got.Code)
		}
	})
}

func TestAnEjectedEndpointIsTheLastResort(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for _, n := range []int{1, 2} { // wrongly ejected: clients would be served
			b.setReady(name(n), answers(503, ""))
		}
		pass(time.Second)
		b.set(name(3), fails(syscall.ECONNREFUSED))
		if got := b.get(); got.Code != 200 {
			t.Errorf("status %d, want 200 from an ejected endpoint", got.Code)
		}
		if n := b.reached()[name(3)]; n != 1 {
			t.Errorf("the only endpoint in rotation was tried %d times, want it to be tried first", n)
		}
	})
}
