package load

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func TestAnAnswerNamesWhoServedIt(t *testing.T) {
	for _, c := range []struct {
		rule   string
		values []string
		want   []string
	}{
		{"no answer has to", nil, nil},
		{"each replica is a value", []string{"gateway-1", "catalog-2"}, []string{"gateway-1", "catalog-2"}},
		{"or a part of one", []string{"gateway-1, catalog-2"}, []string{"gateway-1", "catalog-2"}},
		{"what is no name is left out", []string{"", "a b", "<b>", "ü", strings.Repeat("x", longestServer+1), "ok_1.2"}, []string{"ok_1.2"}},
		{"there is an end to it", []string{"a,b,c,d,e,f"}, []string{"a", "b", "c", "d"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, servedBy(http.Header{servedByHeader: c.values})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnEventNamesWhoServedIt(t *testing.T) {
	l := start(t, Config{Rate: 50, For: 100e6}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add(servedByHeader, "gateway-1")
		w.Header().Add(servedByHeader, "catalog-3")
	})
	for _, e := range run(t, t.Context(), l) {
		if diff := cmp.Diff([]string{"gateway-1", "catalog-3"}, e.Served); e.Class == harness.OK && diff != "" {
			t.Errorf("event %d (-want +got):\n%s", e.Seq, diff)
		}
	}
}
