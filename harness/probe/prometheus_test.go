package probe

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestPrometheus(t *testing.T) {
	// What Prometheus 2.42 says to each query, under api/v1/query.
	answers := map[string]string{
		"count(up == 1)": `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1732348800.123,"11"]}]}}`,
		"up": `{"status":"success","data":{"resultType":"vector","result":[
			{"metric":{"__name__":"up","replica":"catalog-1"},"value":[1732348800.123,"1"]},
			{"metric":{"__name__":"up","replica":"catalog-2"},"value":[1732348800.123,"0"]}]}}`,
		"none":   `{"status":"success","data":{"resultType":"vector","result":[]}}`,
		"nan":    `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1732348800.123,"NaN"]}]}}`,
		"7":      `{"status":"success","data":{"resultType":"scalar","result":[1732348800.123,"7"]}}`,
		"up[1m]": `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1732348800.123,"1"]]}]}}`,
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.FormValue("query")
		if r.URL.Path != "/api/v1/query" {
			t.Errorf("path %q asked for, want /api/v1/query", r.URL.Path)
		}
		w.Header().Set("Content-Type", "application/json")
		answer, ok := answers[query]
		switch {
		case query == "hang":
			<-r.Context().Done()
		case !ok:
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:1: parse error"}`)
		default:
			io.WriteString(w, answer)
		}
	}))
	defer srv.Close()

	tests := []struct {
		rule  string
		query string
		op    Op
		value float64
		want  []string
	}{
		{"a value that compares is healthy", "count(up == 1)", AtLeast, 11, nil},
		{"a value that does not compare says both", "count(up == 1)", AtLeast, 12, []string{`check "p"`, "expected count(up == 1) >= 12, saw 11"}},
		{"every sample must compare, and the bad one is named", "up", Equal, 1, []string{"expected up == 1, saw 0", `replica="catalog-2"`}},
		{"an empty result is never healthy", "none", AtMost, 5, []string{"saw an empty result"}},
		{"a value that is not a number is not healthy", "nan", AtMost, 5, []string{"saw NaN"}},
		{"a scalar is compared too", "7", Below, 8, nil},
		{"a range is refused", "up[1m]", Equal, 1, []string{"result of type matrix"}},
		{"a query that fails is an error", "up ==", Equal, 1, []string{"saw bad_data", "parse error"}},
		{"a server that hangs is cut off at the timeout", "hang", Equal, 1, []string{"saw no answer within 200ms"}},
		{"an unknown comparison is an error", "7", "=~", 7, []string{`unknown comparison "=~"`}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			timeout := 10 * time.Second
			if test.query == "hang" {
				timeout = 200 * time.Millisecond
			}
			p := Prometheus("p", at(srv.URL), test.query, test.op, test.value, Timeout(timeout))
			checkError(t, p.Check(t.Context()), test.want)
		})
	}
	t.Run("a stack without Prometheus is not healthy", func(t *testing.T) {
		checkError(t, Prometheus("p", nowhere, "up", Equal, 1).Check(t.Context()), []string{"no Prometheus in the stack"})
	})
	t.Run("another machine is not asked", func(t *testing.T) {
		checkError(t, Prometheus("p", at("http://192.0.2.1:9090"), "up", Equal, 1).Check(t.Context()), []string{"not allowed"})
	})
}

func TestOp(t *testing.T) {
	tests := []struct {
		op   Op
		seen [3]bool // for 1, 2 and 3 against 2
	}{
		{Equal, [3]bool{false, true, false}},
		{NotEqual, [3]bool{true, false, true}},
		{Above, [3]bool{false, false, true}},
		{AtLeast, [3]bool{false, true, true}},
		{Below, [3]bool{true, false, false}},
		{AtMost, [3]bool{true, true, false}},
	}
	for _, test := range tests {
		t.Run(string(test.op), func(t *testing.T) {
			for i, want := range test.seen {
				if got, err := test.op.holds(float64(i+1), 2); got != want || err != nil {
					t.Errorf("%d %s 2 = %v, %v; want %v", i+1, test.op, got, err, want)
				}
			}
			if got, _ := test.op.holds(math.NaN(), 2); got != (test.op == NotEqual) {
				t.Errorf("NaN %s 2 = %v", test.op, got)
			}
		})
	}
}
