package gateway

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyRepeatableRequestsAreRetried(t *testing.T) {
	for _, tt := range []struct {
		rule, method, key string
		tries, code       int
	}{
		{"GET is retried", http.MethodGet, "", 2, 200},
		{"HEAD is retried", http.MethodHead, "", 2, 200},
		{"OPTIONS is retried", http.MethodOptions, "", 2, 200},
		{"POST is not", http.MethodPost, "", 1, 502},
		{"PUT is not", http.MethodPut, "", 1, 502},
		{"DELETE is not", http.MethodDelete, "", 1, 502},
		{"POST with an idempotency key is retried", http.MethodPost, "k-1", 2, 200},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, b *bench) {
				b.set(name(1), fails(syscall.ECONNREFUSED))
				b.set(name(2), fails(syscall.ECONNREFUSED))
				b.register(1, 3)
				for range 2 { // one of two requests begins at the bad endpoint
					r := httptest.NewRequest(tt.method, "/api/catalog/items", strings.NewReader("body"))
					if tt.key != "" {
						r.Header.Set("Idempotency-Key", tt.key)
					}
					got := b.do(r)
					tries := b.tries()
					if tries[0].Endpoint == name(3) {
						continue
					}
					if got.Code != tt.code || len(tries) != tt.tries {
						t.Errorf("%d tries and status %d, want %d and %d", len(tries), got.Code, tt.tries, tt.code)
					}
					for _, s := range tries {
						if s.Body != "body" || s.Header.Get("Idempotency-Key") != tt.key {
							t.Errorf("try at %s has body %q and key %q, want those of the request", s.Endpoint, s.Body, s.Header.Get("Idempotency-Key"))
						}
					}
					return
				}
				t.Error("neither request began at the bad endpoint")
			})
		})
	}
}

func TestARetryGoesToAnotherEndpoint(t *testing.T) {
	for _, tt := range []struct {
		rule string
		how  behaviour
		code int
	}{
		{"the last server error is passed on", answers(500, "sorry"), 500},
		{"a refused connection becomes 502", fails(syscall.ECONNREFUSED), 502},
		{"an unknown error becomes 502", fails(errBroken), 502},
		{"no answer becomes 504", hangs, 504},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, b *bench) {
				for n := 1; n <= 3; n++ {
					b.set(name(n), tt.how)
				}
				got := b.get()
				if got.Code != tt.code {
					t.Errorf("status %d, want %d", got.Code, tt.code)
				}
				if diff := cmp.Diff(map[string]int{name(1): 1, name(2): 1, name(3): 1}, b.reached()); diff != "" {
					t.Errorf("tries by endpoint (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestARetryGoesToAnotherEndpointEvenIfThatIsBusier(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		b.register(1, 2)
		b.set(name(1), fails(syscall.ECONNREFUSED))
		b.set(name(2), after(200*time.Millisecond, answers(200, name(2))))
		b.setReady(name(2), answers(200, ""))
		var all sync.WaitGroup
		for range 3 { // all begin at catalog-1 once catalog-2 has work
			all.Go(func() {
				if got := b.get(); got.Code != 200 || got.Body != name(2) {
					t.Errorf("got %+v, want the answer of %s", got, name(2))
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if n := b.reached()[name(1)]; n < 2 {
			t.Errorf("%d requests began at the bad endpoint, want at least 2 of 3", n)
		}
	})
}

func TestWithASingleEndpointThereIsNoRetry(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		b.set(name(1), answers(503, "busy"))
		b.register(1)
		if got := b.get(); got.Code != 503 || got.Body != "busy" {
			t.Errorf("got %+v, want the endpoint's own 503", got)
		}
		if n := len(b.tries()); n != 1 {
			t.Errorf("%d tries, want 1", n)
		}
	})
}

func TestClientErrorsAreNeitherRetriedNorHeldAgainstTheEndpoint(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for n := 1; n <= 3; n++ {
			b.set(name(n), answers(404, "no such item"))
			b.setReady(name(n), answers(200, ""))
		}
		for range 20 {
			if got := b.get(); got.Code != 404 {
				t.Fatalf("status %d, want 404", got.Code)
			}
		}
		if n := len(b.tries()); n != 20 {
			t.Errorf("%d tries for 20 requests, want 20", n)
		}
		if got := b.metric(`fournines_endpoint_ejected{endpoint="catalog-1"`); len(got) != 1 || !strings.HasSuffix(got[0], " 0") {
			t.Errorf("ejected metric is %q, want 0", got)
		}
	})
}

func TestAnAnswerThatBreaksOffIsRetried(t *testing.T) {
	brokenOff := func(r *http.Request, _ string) (*http.Response, error) {
		resp, err := answers(200, "0123456789")(r, "")
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader("01234"), brokenReader{}))
		return resp, err
	}
	inBubble(t, nil, func(t *testing.T, b *bench) {
		b.set(name(1), brokenOff)
		b.set(name(2), brokenOff)
		if got := b.get(); got.Code != 200 || got.Body != name(3) {
			t.Errorf("got %+v, want the whole answer of %s", got, name(3))
		}
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestTheRetryBudgetIsEnforced(t *testing.T) {
	const clients = 50
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for n := 1; n <= 3; n++ {
			b.set(name(n), hangs)
			b.setReady(name(n), answers(200, ""))
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		codes := make(map[int]int)
		for range clients {
			all.Go(func() {
				got := b.get()
				mu.Lock()
				defer mu.Unlock()
				codes[got.Code]++
			})
		}
		pass(300 * time.Millisecond) // every first try has timed out, no second one
		retries := len(b.tries()) - clients
		// A retry is allowed while there are fewer than 10, or while retries
		// are at most a fifth of what is in flight: 13 of 63 is more.
		if retries < 10 || retries > 13 {
			t.Errorf("%d of %d requests were retried at the same time, want 10 to 13", retries, clients)
		}
		all.Wait()
		if codes[503] < clients-13 || codes[503]+codes[504] != clients {
			t.Errorf("answers by status: %v, want at least %d times 503 and else 504", codes, clients-13)
		}
		if got := b.metric("fournines_retries_refused_total"); len(got) != 1 {
			t.Errorf("refused retries metric: %q", got)
		}
	})
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		r := httptest.NewRequest(http.MethodPost, "/api/catalog/items", strings.NewReader(strings.Repeat("x", largestBody+1)))
		if got := b.do(r); got.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d, want 413", got.Code)
		}
		if n := len(b.tries()); n != 0 {
			t.Errorf("%d tries, want none", n)
		}
	})
}
