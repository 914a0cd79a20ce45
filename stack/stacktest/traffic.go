package stacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

const (
	// trafficEvery and trafficMost bound the requests of one traffic.
	trafficEvery = 10 * time.Millisecond
	trafficMost  = 20_000
	// lossLimit is the fraction of requests that one fault may cost. It is
	// far above the platform's promise, because this is a check of the
	// backend on a busy machine, and far below the third that is lost when
	// nobody routes around a dead replica.
	lossLimit = 0.01
	// paceLimit is the fraction of the intended rate below which the machine
	// is too busy to say whose fault a loss is: the test itself hardly runs.
	paceLimit = 0.8
	// stallLimit is the gap between two requests beyond which the machine stood
	// still: health checks time out then, of a stack that is well.
	stallLimit = 250 * time.Millisecond
)

// traffic sends reads through the edge until it is stopped.
type traffic struct {
	cancel context.CancelFunc
	done   chan struct{}

	start        time.Time
	mu           sync.Mutex
	ticks        int           // requests begun
	began        time.Time     // the latest of them
	stall        time.Duration // the longest gap between two
	sent, failed int           // requests ended
	example      string
}

// startTraffic sends one request every trafficEvery, each in its own time.
func startTraffic(t *testing.T, st stack.Stack) *traffic {
	t.Helper()
	base, ok := st.URL(stack.Edge)
	if !ok {
		t.Fatal("the stack has no edge")
	}
	ctx, cancel := context.WithCancel(context.Background())
	tr := &traffic{cancel: cancel, done: make(chan struct{}), start: time.Now()}
	transport := &http.Transport{MaxIdleConnsPerHost: 16, TLSClientConfig: trusting(t, st)}
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	go func() {
		defer close(tr.done)
		defer transport.CloseIdleConnections()
		var inFlight sync.WaitGroup
		defer inFlight.Wait()
		tick := time.NewTicker(trafficEvery)
		defer tick.Stop()
		for i := range trafficMost {
			tr.begin()
			inFlight.Go(func() {
				tr.count(get(context.Background(), client, fmt.Sprintf("%s/api/catalog/items/%d", base, i%500+1), nil))
			})
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-tr.done })
	return tr
}

func (tr *traffic) begin() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	now := time.Now()
	if tr.ticks > 0 {
		tr.stall = max(tr.stall, now.Sub(tr.began))
	}
	tr.ticks++
	tr.began = now
}

func (tr *traffic) count(err error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.sent++
	if err != nil {
		tr.failed++
		tr.example = err.Error()
	}
}

// sentAtLeast is a check for eventually: n more requests ended since from.
func (tr *traffic) sentAtLeast(n int) func(context.Context) error {
	return func(context.Context) error {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		if tr.sent < n {
			return fmt.Errorf("%d requests ended, want %d", tr.sent, n)
		}
		return nil
	}
}

// more waits until n more requests have ended.
func (tr *traffic) more(t *testing.T, n int) {
	t.Helper()
	tr.mu.Lock()
	from := tr.sent
	tr.mu.Unlock()
	eventually(t, "traffic goes on", tr.sentAtLeast(from+n))
}

// end ends the traffic, waits for the last answer and says how many requests
// failed. They cannot be judged on a machine so busy that the test itself could
// not keep its rate, or stood still.
func (tr *traffic) end(t *testing.T) (failed int, judged bool) {
	t.Helper()
	lasted := time.Since(tr.start)
	tr.cancel()
	<-tr.done
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if tr.failed > 0 {
		t.Logf("%d of %d requests through the edge failed; the last one: %s", tr.failed, tr.sent, tr.example)
	}
	pace := float64(tr.ticks) * float64(trafficEvery) / float64(lasted)
	if pace < paceLimit {
		t.Logf("not judged: this machine is so busy that the test sent at %.0f%% of its rate", 100*pace)
	}
	if tr.stall > stallLimit {
		t.Logf("not judged: this machine stood still for %v", tr.stall.Round(time.Millisecond))
	}
	return tr.failed, pace >= paceLimit && tr.stall <= stallLimit
}

// stop ends the traffic and judges.
func (tr *traffic) stop(t *testing.T) {
	t.Helper()
	if failed, judged := tr.end(t); failed == 0 || !judged {
		return
	}
	if limit := max(1, lossLimit*float64(tr.sent)); float64(tr.failed) > limit {
		t.Errorf("%d of %d requests through the edge failed, want at most %.0f", tr.failed, tr.sent, limit)
	}
}

// checkCatalogue reads the shop's API as a client does.
func checkCatalogue(t *testing.T, st stack.Stack) {
	base, _ := st.URL(stack.Edge)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: trusting(t, st)}, Timeout: 10 * time.Second}
	for _, path := range []string{
		"/healthz", "/api/catalog/items?limit=3&offset=10", "/api/catalog/items/1",
		"/api/catalog/items/500", "/api/catalog/search?q=tea",
	} {
		eventually(t, "GET edge "+path, func(ctx context.Context) error { return get(ctx, client, base+path, nil) })
	}
	var item struct{ ID int }
	if err := get(stepContext(t), client, base+"/api/catalog/items/7", &item); err != nil || item.ID != 7 {
		t.Errorf("GET edge /api/catalog/items/7 = %+v, %v; want the item with id 7", item, err)
	}
}

// get returns nil when url answers 200, and decodes the body unless into is
// nil.
func get(ctx context.Context, client *http.Client, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", url, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s answered %d, want 200: %.200s", url, resp.StatusCode, body)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(body, into)
}
