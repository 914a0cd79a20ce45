package transition

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestTransitionsCanBeReadInPortions(t *testing.T) {
	tr := New()
	for range kept + 10 {
		tr.Add(Transition{Kind: "ejected", Service: "catalog", Subject: "catalog-1"})
	}
	for _, tt := range []struct {
		rule, query string
		code        int
		first, n    int
	}{
		{"without a number all that are kept", "", 200, 11, kept},
		{"after one that is no longer kept", "?after=3", 200, 11, kept},
		{"after one that is kept", "?after=1030", 200, 1031, 4},
		{"after the last", "?after=1034", 200, 0, 0},
		{"after one that has not happened", "?after=99999", 200, 0, 0},
		{"not a number", "?after=x", 400, 0, 0},
		{"a negative number", "?after=-1", 400, 0, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			rec := httptest.NewRecorder()
			tr.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, Path+tt.query, nil))
			if rec.Code != tt.code {
				t.Fatalf("status %d, want %d", rec.Code, tt.code)
			}
			if tt.code != 200 {
				return
			}
			var got struct {
				Started     time.Time
				Transitions []Transition
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if !got.Started.Equal(tr.started) || got.Transitions == nil || len(got.Transitions) != tt.n {
				t.Fatalf("started %v with %d transitions, want %v with %d", got.Started, len(got.Transitions), tr.started, tt.n)
			}
			for i, x := range got.Transitions {
				if x.Seq != uint64(tt.first+i) {
					t.Fatalf("transition %d has number %d, want %d", i, x.Seq, tt.first+i)
				}
			}
		})
	}
}
