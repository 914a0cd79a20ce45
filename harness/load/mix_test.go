package load

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMix(t *testing.T) {
	named := func(name string) func(*rand.Rand) Request {
		return func(*rand.Rand) Request { return Request{URL: name} }
	}
	t.Run("kinds come in the proportion of their weights", func(t *testing.T) {
		source, err := Mix(7, []Weighted{{70, named("a")}, {20, named("b")}, {10, named("c")}})
		if err != nil {
			t.Fatal(err)
		}
		const n = 100_000
		counts := map[string]int{}
		for seq := range uint64(n) {
			counts[source(seq).URL]++
		}
		for name, share := range map[string]float64{"a": .7, "b": .2, "c": .1} {
			// Five standard deviations of a binomial count.
			if sd := math.Sqrt(n * share * (1 - share)); math.Abs(float64(counts[name])-n*share) > 5*sd {
				t.Errorf("%d of %d are %q, want %.0f ± %.0f", counts[name], n, name, n*share, 5*sd)
			}
		}
	})
	t.Run("a request says nothing about the next", func(t *testing.T) {
		const n, k = 200_000, 20
		source, err := Mix(7, []Weighted{{1, func(r *rand.Rand) Request { return Request{Want: r.IntN(k)} }}})
		if err != nil {
			t.Fatal(err)
		}
		var pairs [k][k]int
		for seq := range uint64(n) {
			pairs[source(seq).Want][source(seq+1).Want]++
		}
		chi2, expected := 0.0, float64(n)/(k*k)
		for _, row := range pairs {
			for _, count := range row {
				d := float64(count) - expected
				chi2 += d * d / expected
			}
		}
		// k*k-1 degrees of freedom: mean 399, standard deviation 28.
		if math.Abs(chi2-399) > 5*28 {
			t.Errorf("chi-square of pairs is %.0f, want 399 ± 140", chi2)
		}
	})
	bad := []struct {
		rule  string
		kinds []Weighted
		want  string
	}{
		{"a mix of nothing is refused", nil, "no kinds"},
		{"a weight of zero is refused", []Weighted{{0, named("a")}}, "weight of kind 0 is 0"},
		{"a weight that is not a number is refused", []Weighted{{1, named("a")}, {math.NaN(), named("b")}}, "weight of kind 1 is NaN"},
		{"a kind without requests is refused", []Weighted{{1, nil}}, "kind 0 makes no request"},
	}
	for _, test := range bad {
		t.Run(test.rule, func(t *testing.T) {
			if _, err := Mix(1, test.kinds); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Mix = %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestBrowse(t *testing.T) {
	urls := func(seed uint64, order []uint64) []string {
		source := Browse("http://127.0.0.1:8080/", seed)
		got := make([]string, len(order))
		for i, seq := range order {
			got[i] = source(seq).URL
		}
		return got
	}
	t.Run("the same seed gives the same requests in whatever order they are made", func(t *testing.T) {
		forward, backward := urls(42, []uint64{0, 1, 2, 3}), urls(42, []uint64{3, 2, 1, 0})
		want := []string{backward[3], backward[2], backward[1], backward[0]}
		if diff := cmp.Diff(want, forward); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("another seed gives other requests", func(t *testing.T) {
		if a, b := urls(1, []uint64{0, 1, 2, 3}), urls(2, []uint64{0, 1, 2, 3}); cmp.Equal(a, b) {
			t.Errorf("seeds 1 and 2 both give %q", a)
		}
	})
	t.Run("all 500 items are looked at", func(t *testing.T) {
		source := Browse("http://127.0.0.1:8080", 42)
		seen := map[string]bool{}
		for seq := range uint64(20_000) {
			if u := source(seq).URL; strings.Contains(u, "/api/catalog/items/") {
				seen[u] = true
			}
		}
		if len(seen) != 500 || !seen["http://127.0.0.1:8080/api/catalog/items/1"] || !seen["http://127.0.0.1:8080/api/catalog/items/500"] {
			t.Errorf("%d distinct items, want 500 with ids 1 to 500", len(seen))
		}
	})
	t.Run("an item that is not the one asked for is wrong", func(t *testing.T) {
		check := isItem(17)
		if err := check([]byte(`{"id":17,"name":"lamp"}`)); err != nil {
			t.Errorf("right item: %v", err)
		}
		for _, body := range []string{`{"id":170}`, `{}`, `<html>`, ``} {
			if check([]byte(body)) == nil {
				t.Errorf("body %q passes for item 17", body)
			}
		}
	})
	t.Run("an answer that is not JSON is wrong", func(t *testing.T) {
		if isJSON([]byte(`[]`)) != nil || isJSON([]byte(`[`)) == nil {
			t.Error("want [] to pass and [ to be refused")
		}
	})
}

func TestNamed(t *testing.T) {
	for _, mix := range Mixes() {
		if _, err := Named(mix, "http://127.0.0.1:1", 1, "c"); err != nil {
			t.Errorf("Named(%q) = %v, want a source", mix, err)
		}
	}
	if _, err := Named("brows", "http://127.0.0.1:1", 1, "c"); err == nil || !strings.Contains(err.Error(), `"brows"`) {
		t.Errorf("Named(brows) = %v, want an error that quotes the name", err)
	}
}
