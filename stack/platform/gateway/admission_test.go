package gateway

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
)

// crowded lets two in, and two wait for 100 ms.
func crowded(o *Options) {
	o.Admission = Admission{Concurrency: 2, Queue: 2, Wait: config.Duration(100 * time.Millisecond)}
	o.Without = []Feature{HedgingFeature}
}

func TestOverloadCostsWhatIsTooMuchAndNoMore(t *testing.T) {
	for _, tt := range []struct {
		rule       string
		takes      time.Duration
		ok, busy   int
		change     func(*Options)
		lastAnswer time.Duration
	}{
		{"those that wait get their turn", 50 * time.Millisecond, 4, 2, crowded, 100 * time.Millisecond},
		{"those that wait too long are refused", 150 * time.Millisecond, 2, 4, crowded, 150 * time.Millisecond},
		{"without admission all get in", 150 * time.Millisecond, 6, 0, func(o *Options) {
			crowded(o)
			o.Without = append(o.Without, AdmissionFeature)
		}, 150 * time.Millisecond},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, tt.change, func(t *testing.T, b *bench) {
				for n := 1; n <= 3; n++ {
					b.set(name(n), after(tt.takes, answers(http.StatusOK, "slow")))
				}
				began := time.Now()
				replies := make(chan reply, 6)
				for range 6 {
					go func() { replies <- b.get() }()
				}
				synctest.Wait()
				if got := b.do(httptest.NewRequest(http.MethodGet, "/healthz", nil)); got.Code != http.StatusOK || b.Ready() != nil {
					t.Errorf("health %d, ready %v; want both while requests wait", got.Code, b.Ready())
				}
				counts := map[int]int{}
				for range 6 {
					counts[(<-replies).Code]++
				}
				if counts[200] != tt.ok || counts[503] != tt.busy || time.Since(began) != tt.lastAnswer {
					t.Errorf("%v after %v, want %d answers and %d refusals after %v", counts, time.Since(began), tt.ok, tt.busy, tt.lastAnswer)
				}
				if inside, waiting := b.door.count(); inside != 0 || waiting != 0 {
					t.Errorf("%d inside and %d waiting at the end", inside, waiting)
				}
			})
		})
	}
}

func TestARefusalSaysWhenToComeAgain(t *testing.T) {
	inBubble(t, func(o *Options) { crowded(o); o.Admission.Concurrency, o.Admission.Queue = 1, 0 }, func(t *testing.T, b *bench) {
		b.door.enter(t.Context(), Admission{Concurrency: 1})
		rec := httptest.NewRecorder()
		b.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/api/catalog/items/1", nil))
		if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") != "1" {
			t.Errorf("status %d, Retry-After %q; want 503 and 1", rec.Code, rec.Header().Get("Retry-After"))
		}
	})
}

func TestAClientThatLeavesGivesItsPlaceUp(t *testing.T) {
	inBubble(t, crowded, func(t *testing.T, b *bench) {
		a := Admission{Concurrency: 1, Queue: 1, Wait: config.Duration(time.Second)}
		var d door
		d.enter(t.Context(), a)
		ctx, leave := contextWithCancel(t)
		ended := make(chan bool)
		go func() { ended <- d.enter(ctx, a) }()
		synctest.Wait()
		if d.enter(t.Context(), a) {
			t.Error("let in although the queue is full")
		}
		leave()
		if <-ended {
			t.Error("let in although it left")
		}
		go func() { ended <- d.enter(t.Context(), a) }()
		synctest.Wait()
		d.leave(a)
		if !<-ended {
			t.Error("not let in although there is room")
		}
	})
}
