package gateway

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAHungEndpointCostsTimeOnly(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		b.set(name(2), hangs)
		slow, hung := 0, 0
		for range 100 { // 10 ms apart, like 100 requests/s
			got := make(chan reply, 1)
			go func() { got <- b.get() }()
			pass(10 * time.Millisecond)
			go func() {
				if r := <-got; r.Code != 200 {
					t.Errorf("status %d, want 200", r.Code)
				} else if r.Took > 0 {
					slow++
					if r.Took > 250*time.Millisecond {
						t.Errorf("took %v, want at most one try's limit", r.Took)
					}
				}
			}()
		}
		pass(time.Second)
		hung = b.reached()[name(2)]
		if hung == 0 || hung > 3 || slow != hung {
			t.Errorf("%d of 100 requests reached the hung endpoint and %d were slow, want the same and 1 to 3", hung, slow)
		}
		if got := b.kinds(); got[len(got)-1] != "ejected catalog-2" {
			t.Errorf("transitions %q, want the hung endpoint ejected", got)
		}
	})
}

func TestTheDeadlineHoldsAndIsPassedOn(t *testing.T) {
	for _, tt := range []struct {
		rule, wish string
		took       time.Duration
		passedOn   []string
	}{
		{"without a wish three tries fit", "", 750 * time.Millisecond, []string{"250", "250", "250"}},
		{"the client's shorter wish counts", "100", 100 * time.Millisecond, []string{"100"}},
		{"the rest of the wish is left for the last try", "600", 600 * time.Millisecond, []string{"250", "250", "100"}},
		{"a longer wish than the limit does not", "60000", 750 * time.Millisecond, []string{"250", "250", "250"}},
		{"a wish that is no number is ignored", "soon", 750 * time.Millisecond, []string{"250", "250", "250"}},
		{"a wish below one is ignored", "-5", 750 * time.Millisecond, []string{"250", "250", "250"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, b *bench) {
				for n := 1; n <= 3; n++ {
					b.set(name(n), hangs)
				}
				r := httptest.NewRequest(http.MethodGet, "/api/catalog/items/1", nil)
				if tt.wish != "" {
					r.Header.Set(TimeoutHeader, tt.wish)
				}
				got := b.do(r)
				if got.Code != 504 || got.Took != tt.took {
					t.Errorf("status %d after %v, want 504 after %v", got.Code, got.Took, tt.took)
				}
				var passedOn []string
				for _, s := range b.tries() {
					passedOn = append(passedOn, s.Header.Get(TimeoutHeader))
				}
				if diff := cmp.Diff(tt.passedOn, passedOn); diff != "" {
					t.Errorf("%s of the tries (-want +got):\n%s", TimeoutHeader, diff)
				}
			})
		})
	}
}

func TestAClientThatGoesAwayIsNotHeldAgainstTheEndpoint(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for n := 1; n <= 3; n++ {
			b.set(name(n), after(100*time.Millisecond, answers(200, "")))
			b.setReady(name(n), answers(200, ""))
		}
		for range 12 {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			b.do(httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/catalog/items/1", nil))
			cancel()
		}
		pass(time.Second)
		for _, kind := range b.kinds() {
			if strings.HasPrefix(kind, "ejected") {
				t.Errorf("transition %q, want none: only the clients gave up", kind)
			}
		}
		if n := len(b.tries()); n != 12 {
			t.Errorf("%d tries for 12 requests, want no retry", n)
		}
	})
}
