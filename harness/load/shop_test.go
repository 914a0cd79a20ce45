package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/ledger"
)

func TestTheShopIsEightyPercentReadsAndTwentyPercentOrders(t *testing.T) {
	const n = 20_000
	source := Shop("http://127.0.0.1:1/", 7, "c")
	var reads, searches, orders, repeated int
	seen := map[string]Request{}
	for seq := range uint64(n) {
		r := source(seq)
		if r.Write == nil {
			reads++
			if strings.Contains(r.URL, "/search") {
				searches++
			}
			continue
		}
		orders++
		before, again := seen[r.Write.Key]
		if again {
			repeated++
			if !bytes.Equal(before.Body, r.Body) || *before.Write != *r.Write {
				t.Fatalf("request %d sends another order under the key of one before: %s and %s", seq, before.Body, r.Body)
			}
		}
		seen[r.Write.Key] = r
		if r.Method != http.MethodPost || r.URL != "http://127.0.0.1:1/api/orders/" || r.Header.Get("Idempotency-Key") != r.Write.Key {
			t.Fatalf("request %d is %s %s with key %q, want an order under key %q", seq, r.Method, r.URL, r.Header.Get("Idempotency-Key"), r.Write.Key)
		}
		var o ledger.Order
		if err := json.Unmarshal(r.Body, &o); err != nil || o.Client != "c" || o.Digest() != r.Write.Digest {
			t.Fatalf("request %d has body %s (%v), want an order of c with its digest", seq, r.Body, err)
		}
	}
	near := func(what string, got int, want float64) {
		if share := float64(got) / n; share < want-0.01 || share > want+0.01 {
			t.Errorf("%s are %.3f of all, want about %.2f", what, share, want)
		}
	}
	near("reads", reads, 0.80)
	near("searches", searches, 0.08)
	near("orders", orders, 0.20)
	if share := float64(repeated) / float64(orders); share < 0.03 || share > 0.07 {
		t.Errorf("%.3f of the orders are sent again, want one in twenty", share)
	}
}

func TestTheShopDependsOnItsSeedAlone(t *testing.T) {
	one, same, other := Shop("http://127.0.0.1:1", 7, "c"), Shop("http://127.0.0.1:1", 7, "c"), Shop("http://127.0.0.1:1", 8, "c")
	differ := 0
	for seq := uint64(500); seq > 0; seq-- { // in whatever order requests are sent
		a, b, c := one(seq), same(seq), other(seq)
		if a.URL != b.URL || !bytes.Equal(a.Body, b.Body) {
			t.Fatalf("request %d is %s %s and %s %s", seq, a.URL, a.Body, b.URL, b.Body)
		}
		if a.URL != c.URL {
			differ++
		}
	}
	if differ < 100 {
		t.Errorf("another seed gives the same requests but for %d of 500", differ)
	}
}

// scripted answers write i as its path says.
func scripted(w http.ResponseWriter, r *http.Request) {
	how := strings.TrimPrefix(r.URL.Path, "/")
	switch how {
	case "slow":
		<-r.Context().Done()
	case "reset":
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}
	case "cut":
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(http.StatusCreated)
	default:
		var code int
		fmt.Sscan(how, &code)
		w.WriteHeader(code)
	}
}

func TestEveryWriteIsInTheBookWithWhatTheClientKnows(t *testing.T) {
	for how, want := range map[string]ledger.Fate{
		"200": ledger.Acknowledged, "201": ledger.Acknowledged,
		"400": ledger.Rejected, "409": ledger.Rejected, "422": ledger.Rejected, "429": ledger.Rejected,
		"408": ledger.Unknown, "500": ledger.Unknown, "503": ledger.Unknown, "302": ledger.Unknown,
		"slow": ledger.Unknown, "reset": ledger.Unknown, "cut": ledger.Unknown,
	} {
		t.Run(how, func(t *testing.T) {
			before := time.Now()
			book := ledger.NewBook(before)
			digest := ledger.Order{Client: "c", Item: 1, Quantity: 1}.Digest()
			srv := httptest.NewServer(http.HandlerFunc(scripted))
			defer srv.Close()
			l := open(t, Config{Rate: 50, For: 40 * time.Millisecond, Timeout: 300 * time.Millisecond, Book: book, Requests: func(seq uint64) Request {
				r := Request{Method: http.MethodPost, URL: srv.URL + "/" + how}
				if seq == 1 { // the other one only reads
					r.Write = &ledger.Row{Key: "k", Digest: digest}
				}
				return r
			}})
			run(t, t.Context(), l)
			got := book.Balance(before)
			if n := got.Acknowledged + got.Rejected + got.Unknown; n != 1 {
				t.Fatalf("%d writes in the book, want one: %+v", n, got)
			}
			counts := map[ledger.Fate]int{ledger.Acknowledged: got.Acknowledged, ledger.Rejected: got.Rejected, ledger.Unknown: got.Unknown}
			if counts[want] != 1 {
				t.Errorf("the book says %v, want %v", counts, want)
			}
			if row, ok := book.Newest(); ok != (want == ledger.Acknowledged) || ok && row != (ledger.Row{Key: "k", Digest: digest}) {
				t.Errorf("the newest acknowledged write is %v, %v", row, ok)
			}
		})
	}
}

func TestWhatWasNotSentIsInNoBook(t *testing.T) {
	book := ledger.NewBook(time.Now())
	x := newExchange(&openLoop{Config: Config{Rate: 1, Timeout: time.Second, Book: book, Requests: func(uint64) Request {
		return Request{URL: "http://127.0.0.1:1/", Write: &ledger.Row{Key: "k"}}
	}}, schedule: schedule{rate: 1}}, time.Now().Add(-time.Hour), func(error) {})
	if e := x.do(0); e.Class != harness.NotSent || book.Len() != 0 {
		t.Errorf("event %+v and %d writes, want one that was not sent and none", e, book.Len())
	}
}
