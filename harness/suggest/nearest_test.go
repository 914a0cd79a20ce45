package suggest

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	words := []string{"rate", "mix", "timeout", "container-kill", "container-pause"}
	for _, tt := range []struct{ name, word, want string }{
		{"a missing letter is a slip", "timout", "timeout"},
		{"swapped neighbours are one edit", "rtae", "rate"},
		{"a missing separator is a slip", "containerkill", "container-kill"},
		{"of two near words the nearer wins", "container-puase", "container-pause"},
		{"an exact word is itself", "mix", "mix"},
		{"another word is not a slip", "latency", ""},
		{"an empty word means nothing", "", ""},
		{"an endless word is not compared", strings.Repeat("rate", 1000), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Nearest(tt.word, words)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Nearest(%q) = %q, %v; want %q", tt.word, got, ok, tt.want)
			}
		})
	}
}

func TestDidYouMean(t *testing.T) {
	if got, want := DidYouMean("rat", []string{"rate"}), `; did you mean "rate"?`; got != want {
		t.Errorf("DidYouMean = %q, want %q", got, want)
	}
	if got := DidYouMean("xyz", []string{"rate"}); got != "" {
		t.Errorf("DidYouMean of nothing near = %q, want nothing", got)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "abc", 3}, {"abc", "", 3}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3}} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
