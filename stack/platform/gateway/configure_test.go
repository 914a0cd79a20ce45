package gateway

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/registry"
)

// reconfigured makes a document of changed defaults and uses it.
func (b *bench) reconfigured(t *testing.T, change func(*Options)) {
	t.Helper()
	o := Defaults()
	o.Routes = o.Routes[:1] // the catalog's
	change(&o)
	text, err := o.Document()
	if err == nil {
		err = b.use(text)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheDefaultsAreADocument(t *testing.T) {
	text, err := Defaults().Document()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Defaults(), got); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}

func TestABadDocumentIsRefusedWithEveryProblemAndChangesNothing(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for document, want := range map[string][]string{
			`{"routs":[]}`:  {"routs: unknown, want one of"},
			`{"routes":[]}`: {"routes: want 1 to 1000, saw 0"},
			`{"routes":[{"prefix":"api/","service":""},{"prefix":"api/","service":"x/y"}],"retries":{"tries":0,"share":2},"timeouts":{"try":"2m"},
			  "outlierEjection":{"after":0,"probeEvery":"0s"},"connections":0}`: {
				`routes[0].prefix: want a path`, `routes[0].service: want a name`, `routes[1].prefix: want each prefix once`,
				`retries.tries: want 1 to 10, saw 0`, `retries.share: want a share`, `timeouts.try: want more than 0s and up to 1m0s, saw 2m0s`,
				`timeouts.try: want at most timeouts.deadline`, `outlierEjection.after: want 1 to 1000`, `outlierEjection.probeEvery: want more than 0s`,
				`connections: want 1 to 10000`,
			},
			`{"without":["retrys"]}`: {"without[0]: want one of retries, "},
		} {
			err := b.use([]byte(document))
			for _, part := range want {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("%s: error %v, want one with %q", document, err, part)
				}
			}
			if got := b.get(); got.Code != http.StatusOK {
				t.Errorf("after %s: status %d, want the last good configuration in use", document, got.Code)
			}
		}
	})
}

func TestWithoutValidationABadDocumentIsUsed(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		b.config.Without = []Feature{ValidationFeature}
		if err := b.use([]byte(`{"routs":[]}`)); err != nil {
			t.Fatal(err)
		}
		if got := b.get(); got.Code == http.StatusOK {
			t.Errorf("status %d, want that the route is gone", got.Code)
		}
	})
}

func TestARequestUnderWayEndsUnderTheConfigurationItBeganUnder(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for n := 1; n <= 3; n++ {
			b.set(name(n), after(200*time.Millisecond, answers(http.StatusOK, "slow")))
		}
		ended := make(chan reply)
		go func() { ended <- b.get() }()
		synctest.Wait()
		b.reconfigured(t, func(o *Options) {
			o.Timeouts.Try, o.Connections = config.Duration(50*time.Millisecond), 3
		})
		if got := <-ended; got.Code != http.StatusOK {
			t.Errorf("the request under way: %+v, want its answer", got)
		}
		if got := b.get(); got.Code == http.StatusOK {
			t.Errorf("the next request: %+v, want that no try is waited for", got)
		}
	})
}

func TestAReloadKeepsWhatIsKnownOfEndpoints(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		b.set(name(2), fails(errBroken))
		b.setReady(name(2), fails(errBroken))
		for range 12 {
			b.get()
		}
		b.tries()
		b.reconfigured(t, func(o *Options) { o.OutlierEjection.After = 5 })
		for range 9 {
			b.get()
		}
		if got := b.reached(); got[name(2)] > 0 {
			t.Errorf("after the reload: %v, want nothing at the endpoint that was ejected before", got)
		}
		b.setReady(name(2), answers(http.StatusOK, "ok"))
		b.set(name(2), answers(http.StatusOK, name(2)))
		pass(2 * time.Second)
		for range 9 {
			b.get()
		}
		if got := b.reached(); got[name(2)] != 3 {
			t.Errorf("after good probes: %v, want it back in rotation", got)
		}
		b.reconfigured(t, func(o *Options) { o.Without = []Feature{EjectionFeature} })
		b.set(name(2), fails(errBroken))
		for range 30 {
			b.get()
		}
		if got := b.reached(); got[name(2)] < 10 {
			t.Errorf("without ejection: %v, want a third of the tries at the endpoint that fails", got)
		}
	})
}

func TestRoutesComeAndGo(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			b.reconfigured(t, func(o *Options) {
				o.Routes = append(o.Routes, Route{Prefix: "/api/orders", Service: "orders"})
			})
		}()
		b.updates <- registry.Update{Instances: []registry.Instance{instance(1)}} // whichever watch takes it
		<-done
		if len(b.table.Load().pools) != 2 {
			t.Errorf("pools of %v, want two services", b.table.Load().pools)
		}
		b.reconfigured(t, func(*Options) {})
		r := httptest.NewRequest(http.MethodGet, "/api/orders/1", nil)
		if got := b.do(r); got.Code != http.StatusNotFound {
			t.Errorf("on a route that is gone: %d, want 404", got.Code)
		}
		if got := b.get(); got.Code != http.StatusOK {
			t.Errorf("on the route that stayed: %+v", got)
		}
	})
}

func TestWithoutTheCacheEndpointsGoWithTheRegistry(t *testing.T) {
	for without, want := range map[Feature]int{"": http.StatusOK, CacheFeature: http.StatusServiceUnavailable} {
		inBubble(t, func(o *Options) { o.Without = []Feature{without} }, func(t *testing.T, b *bench) {
			b.updates <- registry.Update{Err: errBroken}
			synctest.Wait()
			if got := b.get(); got.Code != want {
				t.Errorf("without %q: status %d, want %d", without, got.Code, want)
			}
		})
	}
}

func TestWithoutRetriesOneTryIsAll(t *testing.T) {
	inBubble(t, func(o *Options) { o.Without = []Feature{RetriesFeature} }, func(t *testing.T, b *bench) {
		for n := 1; n <= 3; n++ {
			b.set(name(n), answers(http.StatusInternalServerError, "no"))
		}
		b.get()
		if n := len(b.tries()); n != 1 {
			t.Errorf("%d tries, want 1", n)
		}
	})
}

func TestAGatewayWaitsForItsFirstDocument(t *testing.T) {
	centre := config.NewMemory()
	g := New(Config{Watcher: fixed{instance(1)}, Source: centre.Source("gateway", nil), Log: quiet()})
	if err := g.Ready(); err == nil || !strings.Contains(err.Error(), "configuration") {
		t.Errorf("Ready = %v, want an error about the configuration", err)
	}
	rec := httptest.NewRecorder()
	g.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/api/catalog/items/1", nil))
	if rec.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", rec.Code)
	}
}
