package pager

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// post sends one notification and returns the status.
func post(in *inbox, body string) int {
	answer := httptest.NewRecorder()
	in.take(answer, httptest.NewRequest(http.MethodPost, NotifyPath, strings.NewReader(body)))
	return answer.Code
}

// ask lists the notifications; query is "after=3" or empty.
func ask(t *testing.T, in *inbox, query string) (int, Pages) {
	t.Helper()
	answer := httptest.NewRecorder()
	in.list(answer, httptest.NewRequest(http.MethodGet, NotificationsPath+"?"+query, nil))
	var doc Pages
	if answer.Code == http.StatusOK {
		if err := json.Unmarshal(answer.Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
	}
	return answer.Code, doc
}

func numbers(doc Pages) (all []int) {
	for _, p := range doc.Pages {
		all = append(all, p.Number)
	}
	return all
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func TestWhatArrivesIsKeptAsItCame(t *testing.T) {
	in := newInbox(quiet())
	if code := post(in, `{"status":"firing", "alerts":[]}`); code != http.StatusOK {
		t.Fatalf("status %d", code)
	}
	post(in, `{"status":"resolved"}`)
	code, doc := ask(t, in, "")
	if code != http.StatusOK || doc.Last != 2 || string(doc.Pages[0].Body) != `{"status":"firing","alerts":[]}` {
		t.Errorf("status %d, %+v; want both, the first with its body", code, doc)
	}
	if at := doc.Pages[0].At; at.Before(doc.Began) || at.After(doc.Pages[1].At) {
		t.Errorf("arrived %v and %v of a program that began %v", at, doc.Pages[1].At, doc.Began)
	}
	if _, doc := ask(t, in, "after=1"); !cmp.Equal(numbers(doc), []int{2}) {
		t.Errorf("after 1: %v, want 2 alone", numbers(doc))
	}
	if _, doc := ask(t, in, "after=2"); doc.Pages == nil || len(doc.Pages) > 0 || doc.Last != 2 {
		t.Errorf("after the last: %+v, want an empty list", doc)
	}
}

func TestWhatIsNoNotificationIsRefused(t *testing.T) {
	in := newInbox(quiet())
	if code := post(in, "hello"); code != http.StatusBadRequest {
		t.Errorf("no JSON: status %d", code)
	}
	if code := post(in, `"`+strings.Repeat("x", largest)+`"`); code != http.StatusRequestEntityTooLarge {
		t.Errorf("too long: status %d", code)
	}
	if code, _ := ask(t, in, "after=x"); code != http.StatusBadRequest {
		t.Errorf("after=x: status %d", code)
	}
	if _, doc := ask(t, in, ""); doc.Last != 0 {
		t.Errorf("%d were kept, want none", doc.Last)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	in := newInbox(quiet())
	for i := range kept + 10 {
		post(in, fmt.Sprint(i))
	}
	_, doc := ask(t, in, "")
	if len(doc.Pages) != kept || doc.Pages[0].Number != 11 || doc.Last != kept+10 {
		t.Errorf("%d are kept, from %d to %d; want %d from 11 on", len(doc.Pages), doc.Pages[0].Number, doc.Last, kept)
	}
}

func TestAPageIsLogged(t *testing.T) {
	var lines bytes.Buffer
	post(newInbox(slog.New(slog.NewJSONHandler(&lines, nil))), `{"status":"firing"}`)
	if !strings.Contains(lines.String(), `"msg":"paged","number":1,"status":"firing"`) {
		t.Errorf("log: %s", lines.String())
	}
}
