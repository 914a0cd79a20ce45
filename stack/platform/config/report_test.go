package config

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
)

func TestTheBoardIsServed(t *testing.T) {
	var b Board
	want := State{Source: "script", Version: "1", Refused: "2", Reason: "it is bad"}
	b.Set(want)
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, httptest.NewRequest("GET", StatePath, nil))
	var got State
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || got != want {
		t.Errorf("served %+v, %v; want %+v", got, err, want)
	}
}

func TestVersionsAsNumbers(t *testing.T) {
	for version, want := range map[string]float64{"": 0, "42": 42, "0a0000000000": 10 << 40} {
		if got := Number(version); got != want {
			t.Errorf("Number(%q) = %v, want %v", version, got, want)
		}
	}
	if a, b := Number("20260101-release"), Number("20260102-release"); a == b || a == 0 {
		t.Errorf("two releases have the numbers %v and %v", a, b)
	}
}
