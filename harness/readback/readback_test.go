package readback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/ledger"
	"github.com/fournines/fournines/harness/loopback"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

func order(i int) ledger.Order { return ledger.Order{Client: "c", Item: 1 + i, Quantity: 2} }

func row(i int) ledger.Row { return ledger.Row{Key: fmt.Sprintf("k-%d", i), Digest: order(i).Digest()} }

// written is a book of n acknowledged writes, one a second.
func written(n int) *ledger.Book {
	b := ledger.NewBook(start)
	for i := range n {
		write(b, i)
	}
	return b
}

func write(b *ledger.Book, i int) {
	at := start.Add(time.Duration(i) * time.Second)
	b.Enter(ledger.Entry{Key: row(i).Key, Digest: row(i).Digest, Intended: at, Sent: at, Answered: at, Fate: ledger.Acknowledged})
}

// serve answers as the orders service does, with the given orders of c.
func serve(t *testing.T, handler http.HandlerFunc) *Orders {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	o := NewOrders(Source{Edge: srv.URL + "/", Client: "c", Authorization: "Bearer x"})
	t.Cleanup(o.Close)
	return o
}

func TestOrdersAreAskedForAndReadAsTheirServiceShowsThem(t *testing.T) {
	var asked []string
	o := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.String()+" "+r.Header.Get("Authorization"))
		one := map[string]any{"id": 9, "client": "c", "key": "k-3", "item": 4, "quantity": 2, "placed": "2026-11-23T14:00:00Z"}
		_ = json.NewEncoder(w).Encode(map[string]any{"orders": []any{one}, "next": 9})
	})
	rows, next, err := o.After(t.Context(), 5)
	if err != nil || next != 9 || !cmp.Equal(rows, []ledger.Row{row(3)}) {
		t.Errorf("After = %v, %d, %v; want order 3 and the page after 9", rows, next, err)
	}
	if rows, err := o.Keyed(t.Context(), "k-3"); err != nil || !cmp.Equal(rows, []ledger.Row{row(3)}) {
		t.Errorf("Keyed = %v, %v; want order 3", rows, err)
	}
	want := []string{"GET /api/orders/?after=5&client=c&limit=500 Bearer x", "GET /api/orders/?client=c&key=k-3 Bearer x"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestAnAnswerThatIsNoneIsAnError(t *testing.T) {
	for rule, c := range map[string]struct {
		code    int
		body    string
		useless bool
		says    string
	}{
		"an error of the service may pass": {503, `{"error":"away"}`, false, "saw 503"},
		"what is no JSON does not":         {200, `<html>`, true, "JSON"},
		"nor somebody else's orders":       {200, `{"orders":[{"client":"d","key":"k"}]}`, true, `of "d"`},
		"nor pages that do not advance":    {200, `{"orders":[],"next":5}`, true, "want the pages to advance"},
		"a redirect is not followed":       {302, ``, false, "saw 302"},
	} {
		t.Run(rule, func(t *testing.T) {
			o := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.code)
				fmt.Fprint(w, c.body)
			})
			_, _, err := o.After(t.Context(), 5)
			if err == nil || errors.Is(err, errUseless) != c.useless || !strings.Contains(err.Error(), c.says) {
				t.Errorf("After = %v, want an error that says %q", err, c.says)
			}
		})
	}
	t.Run("nobody else's machine is asked", func(t *testing.T) {
		if _, err := NewOrders(Source{Edge: "http://192.0.2.1", Client: "c"}).Keyed(t.Context(), "k"); !errors.Is(err, loopback.ErrNotAllowed) {
			t.Errorf("Keyed = %v, want ErrNotAllowed", err)
		}
	})
}

// shelf is a service with rows in pages of two. fail says what is wrong with
// call n, from 1.
type shelf struct {
	rows  []ledger.Row
	fail  func(n int) error
	calls int
}

func (s *shelf) After(_ context.Context, after int64) ([]ledger.Row, int64, error) {
	s.calls++
	if s.fail != nil {
		if err := s.fail(s.calls); err != nil {
			return nil, 0, err
		}
	}
	const page = 2
	rest := s.rows[min(int(after), len(s.rows)):]
	if len(rest) > page {
		return rest[:page], after + page, nil
	}
	return rest, 0, nil
}

func TestReconcilingReadsEveryPage(t *testing.T) {
	away := errors.New("away")
	for rule, c := range map[string]struct {
		shelf shelf
		want  harness.LedgerRecord
		says  string
	}{
		"all is there": {shelf{rows: []ledger.Row{row(0), row(1), row(2), row(3), row(4)}},
			harness.LedgerRecord{Rows: 5}, ""},
		"one is lost, one is there twice and one was never sent": {shelf{rows: []ledger.Row{row(0), row(1), row(1), row(3), row(4), row(9)}},
			harness.LedgerRecord{Rows: 6, Lost: 1, Duplicated: 1, Phantom: 1, RPO: time.Second}, ""},
		"a page that fails is asked for again": {shelf{rows: []ledger.Row{row(0), row(1), row(2), row(3), row(4)}, fail: func(n int) error {
			if n == 2 || n == 3 {
				return away
			}
			return nil
		}}, harness.LedgerRecord{Rows: 5}, ""},
		"until the time is up": {shelf{rows: []ledger.Row{row(0), row(1), row(2)}, fail: func(n int) error {
			if n > 1 {
				return away
			}
			return nil
		}}, harness.LedgerRecord{Rows: 2, Lost: 3, RPO: 3 * time.Second}, "away"},
		"but not one that is no answer": {shelf{fail: func(int) error { return errUseless }},
			harness.LedgerRecord{Lost: 5, RPO: 4 * time.Second}, errUseless.Error()},
	} {
		t.Run(rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				l := &Ledger{book: written(5), from: &c.shelf, client: "c", done: func() {}}
				got, err := l.Reconcile(ctx, start)
				if (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
					t.Errorf("error %v, want %q in it", err, c.says)
				}
				got.Examples = nil
				c.want.State, c.want.Client, c.want.Acknowledged = harness.LedgerReconciled, "c", 5
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("record (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestReadingEndsHoweverMuchTheServiceHas(t *testing.T) {
	many := make([]ledger.Row, 5000)
	s := &shelf{rows: many}
	l := &Ledger{book: written(5), from: s, done: func() {}}
	if _, err := l.Reconcile(t.Context(), start); err == nil || !strings.Contains(err.Error(), "more than 1010 rows of 5 writes") {
		t.Errorf("Reconcile = %v, want it to give up", err)
	}
	if s.calls > 600 {
		t.Errorf("%d pages were read", s.calls)
	}
}

func TestReconcilingTwiceComesToTheSame(t *testing.T) {
	s := &shelf{rows: []ledger.Row{row(0), row(0), row(2)}}
	l := &Ledger{book: written(3), from: s, done: func() {}}
	first, err := l.Reconcile(t.Context(), start)
	second, again := l.Reconcile(t.Context(), start)
	if err != nil || again != nil {
		t.Fatal(err, again)
	}
	if diff := cmp.Diff(first, second); diff != "" || first.Lost != 1 || first.Duplicated != 1 {
		t.Errorf("record (-first +second):\n%s", diff)
	}
}

// cupboard has single writes.
type cupboard struct {
	mu    sync.Mutex
	have  map[string][]ledger.Row
	err   error
	asked []string
}

func (c *cupboard) Keyed(_ context.Context, key string) ([]ledger.Row, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, key)
	return c.have[key], c.err
}

// put makes rows what there is under a key; fail what comes of every question.
func (c *cupboard) put(key string, rows ...ledger.Row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.have[key] = rows
}

func (c *cupboard) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
}

func TestWatchingSaysWhenWritesCanBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const every = 100 * time.Millisecond
		book, have := ledger.NewBook(start), &cupboard{have: map[string][]ledger.Row{}}
		w := &watch{book: book, orders: have, every: every, done: func() {}}
		ctx, stop := context.WithCancel(t.Context())
		var said []string
		ended := make(chan error, 1)
		go func() {
			ended <- w.Observe(ctx, func(s harness.Signal) {
				if s.Source != WatchSource || len(said) > 0 && s.Resolution != every {
					t.Errorf("signal %+v, want source %s and resolution %v", s, WatchSource, every)
				}
				said = append(said, string(s.Kind))
			})
		}()
		pass := func(n int) { time.Sleep(time.Duration(n) * every); synctest.Wait() }
		expect := func(when string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, said); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		pass(3)
		expect("before anything is acknowledged")
		if len(have.asked) > 0 {
			t.Errorf("asked for %v", have.asked)
		}
		for i := range 3 {
			write(book, i)
			have.put(row(i).Key, row(i))
			pass(2)
		}
		expect("everything is there", "readable")
		have.fail(errors.New("away"))
		pass(3)
		expect("the service is away", "readable", "unreadable")
		have.fail(nil)
		pass(2)
		expect("it is back", "readable", "unreadable", "readable")
		have.put(row(1).Key)
		pass(20)
		expect("an earlier write is lost, and the others are there", "readable", "unreadable", "readable", "unreadable")
		if last := have.asked[len(have.asked)-1]; last != row(1).Key {
			t.Errorf("asked for %q last, want the one that is missing", last)
		}
		have.put(row(1).Key, ledger.Row{Key: row(1).Key})
		pass(2)
		expect("it is there with something else in it", "readable", "unreadable", "readable", "unreadable")
		have.put(row(1).Key, row(1))
		pass(2)
		expect("it is restored", "readable", "unreadable", "readable", "unreadable", "readable")
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Observe = %v", err)
		}
	})
}

func TestTheSampleOfEarlierWritesIsBounded(t *testing.T) {
	book := ledger.NewBook(start)
	w := &watch{book: book}
	earlier := map[string]bool{}
	for i := range 1000 {
		write(book, i)
		row, ok := w.pick()
		if !ok {
			t.Fatal("nothing to read")
		}
		if newest, _ := book.Newest(); row != newest {
			earlier[row.Key] = true
		}
	}
	if len(w.sample) != sampleSize {
		t.Errorf("%d writes are kept, want %d", len(w.sample), sampleSize)
	}
	if len(earlier) < 200 {
		t.Errorf("only %d earlier writes were read", len(earlier))
	}
}
