package gateway

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
)

func contextWithCancel(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

// fragile opens after 10 requests of which half failed.
func fragile(o *Options) {
	o.Breaker = Breaker{
		Window: config.Duration(10 * time.Second), Volume: 10, FailureShare: 0.5,
		OpenFor: config.Duration(2 * time.Second), Probes: 2,
	}
	o.Without = []Feature{HedgingFeature}
}

// everywhere scripts all endpoints.
func (b *bench) everywhere(how behaviour) {
	for n := 1; n <= 3; n++ {
		b.set(name(n), how)
		b.setReady(name(n), answers(http.StatusOK, "ready"))
	}
}

// breakers are the transitions of breakers.
func (b *bench) breakers() (all []string) {
	for _, tr := range b.transitions.After(0) {
		if kind, ok := strings.CutPrefix(tr.Kind, "breaker-"); ok {
			all = append(all, kind+" "+tr.Service+tr.Subject)
		}
	}
	return all
}

func TestTheBreakerOpensHalfOpensAndCloses(t *testing.T) {
	inBubble(t, fragile, func(t *testing.T, b *bench) {
		b.everywhere(answers(http.StatusInternalServerError, "no"))
		for i := range 10 {
			if got := b.get(); got.Code != http.StatusInternalServerError {
				t.Fatalf("request %d: %d, want the service's own error", i+1, got.Code)
			}
		}
		b.tries()
		if got := b.get(); got.Code != http.StatusServiceUnavailable || len(b.tries()) > 0 {
			t.Errorf("once it is open: %d, want 503 and that nothing is sent", got.Code)
		}
		if got := b.metric("fournines_breaker_state"); got[0] != `fournines_breaker_state{service="catalog"} 2` {
			t.Errorf("metric %v, want 2", got)
		}
		pass(2 * time.Second)
		b.get() // the first that may try again, and fails
		if got := b.get(); got.Code != http.StatusServiceUnavailable {
			t.Errorf("after a probe that failed: %d, want it open", got.Code)
		}
		b.everywhere(answers(http.StatusOK, "yes"))
		if got := b.get(); got.Code != http.StatusServiceUnavailable {
			t.Errorf("too early: %d, want it open", got.Code)
		}
		pass(2 * time.Second)
		for range 20 {
			if got := b.get(); got.Code != http.StatusOK {
				t.Fatalf("after the service is back: %d", got.Code)
			}
		}
		want := "opened catalog, half-open catalog, opened catalog, half-open catalog, closed catalog"
		if got := strings.Join(b.breakers(), ", "); got != want {
			t.Errorf("transitions %s, want %s", got, want)
		}
		if got := b.metric("fournines_breaker_opened_total"); got[0] != `fournines_breaker_opened_total{service="catalog"} 2` {
			t.Errorf("metric %v, want 2", got)
		}
	})
}

func TestTheBreakerStaysClosed(t *testing.T) {
	for rule, change := range map[string]func(*Options){
		"below its volume":            func(o *Options) { o.Breaker.Volume = 100 },
		"when it is switched off":     func(o *Options) { o.Without = append(o.Without, BreakerFeature) },
		"when failures are long ago":  func(o *Options) { o.Breaker.Window = config.Duration(time.Second) },
		"when retries save the day":   func(*Options) {},
		"when only clients went away": func(*Options) {},
	} {
		t.Run(rule, func(t *testing.T) {
			inBubble(t, func(o *Options) { fragile(o); change(o) }, func(t *testing.T, b *bench) {
				b.everywhere(answers(http.StatusInternalServerError, "no"))
				switch rule {
				case "when retries save the day":
					b.set(name(1), answers(http.StatusOK, "yes"))
				case "when only clients went away":
					b.everywhere(hangs)
				}
				for range 40 {
					switch rule {
					case "when failures are long ago":
						pass(200 * time.Millisecond)
						b.get()
					case "when only clients went away":
						ctx, leave := contextWithCancel(t)
						time.AfterFunc(time.Millisecond, leave)
						b.do(request(ctx))
					default:
						b.get()
					}
				}
				if got := b.breakers(); len(got) > 0 {
					t.Errorf("transitions %v, want none", got)
				}
			})
		})
	}
}

func TestAFallbackIsAnsweredWhereThereIsOne(t *testing.T) {
	for _, tt := range []struct {
		rule string
		how  behaviour
	}{
		{"connections fail", fails(errBroken)},
		{"the service answers with errors", answers(http.StatusInternalServerError, "no")},
		{"nobody answers in time", hangs},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, func(o *Options) {
				fragile(o)
				o.Routes[0].Fallback = &Fallback{Status: 200, Body: `{"items":[]}`}
			}, func(t *testing.T, b *bench) {
				if got := b.get(); got.Code != 200 || got.Body == `{"items":[]}` {
					t.Fatalf("while all is well: %+v, want the service's answer", got)
				}
				b.everywhere(tt.how)
				for range 12 { // the breaker opens meanwhile
					if got := b.get(); got.Code != 200 || got.Body != `{"items":[]}` {
						t.Fatalf("%+v, want the fallback", got)
					}
				}
				r := request(t.Context())
				r.Method = http.MethodPost
				if got := b.do(r); got.Code < 500 {
					t.Errorf("a write got %d, want an error: nothing was written", got.Code)
				}
				if got := b.metric("fournines_fallbacks_total"); got[0] != `fournines_fallbacks_total{service="catalog"} 12` {
					t.Errorf("metric %v, want 12", got)
				}
			})
		})
	}
}
