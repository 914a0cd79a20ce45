package slo

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

func TestQuantilesAreWithinAThousandth(t *testing.T) {
	var g Histogram
	for i := 1; i <= 10_000; i++ {
		g.Record(time.Duration(i) * 100 * time.Microsecond)
	}
	for q, want := range map[float64]time.Duration{.5: 500 * time.Millisecond, .99: 990 * time.Millisecond, .999: 999 * time.Millisecond, 1: time.Second} {
		if got := g.Quantile(q); (got - want).Abs() > want/1000+time.Microsecond {
			t.Errorf("quantile %g: got %v, want %v within 0.1 %%", q, got, want)
		}
	}
	if got := g.Max(); (got - time.Second).Abs() > time.Millisecond {
		t.Errorf("max: got %v, want 1s within 0.1 %%", got)
	}
}

func TestHistogramOfNothingIsEmpty(t *testing.T) {
	var g Histogram
	g.Merge(Histogram{})
	if g.Count() != 0 || g.Quantile(.99) != 0 || g.Max() != 0 {
		t.Errorf("got count %d, p99 %v, max %v; want zeros", g.Count(), g.Quantile(.99), g.Max())
	}
}

func TestDurationsOutOfRangeAreClamped(t *testing.T) {
	var g Histogram
	g.Record(-time.Second)
	g.Record(time.Hour)
	if got := g.Quantile(0); got != time.Microsecond {
		t.Errorf("smallest: got %v, want 1µs", got)
	}
	if got := g.Max(); (got - 2*time.Minute).Abs() > 120*time.Millisecond {
		t.Errorf("largest: got %v, want about 2m", got)
	}
}

func TestMergeAddsAndLeavesTheOtherAlone(t *testing.T) {
	var a, b Histogram
	a.Record(time.Millisecond)
	b.Record(3 * time.Millisecond)
	a.Merge(b)
	if a.Count() != 2 || b.Count() != 1 {
		t.Errorf("got %d and %d, want 2 and 1", a.Count(), b.Count())
	}
}

func TestHistogramRoundTripsThroughJSON(t *testing.T) {
	var before, after Histogram
	for i := range 500 {
		before.Record(time.Duration(i) * time.Millisecond)
	}
	text, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &after); err != nil {
		t.Fatal(err)
	}
	for _, q := range []float64{0, .5, .9, .99, 1} {
		if before.Quantile(q) != after.Quantile(q) {
			t.Errorf("quantile %g: got %v, want %v", q, after.Quantile(q), before.Quantile(q))
		}
	}
	after.Merge(before)
	if after.Count() != 1000 {
		t.Errorf("merged into a decoded one: got %d, want 1000", after.Count())
	}
}

func TestEmptyHistogramIsTheEmptyString(t *testing.T) {
	text, err := json.Marshal(Histogram{})
	if err != nil || string(text) != `""` {
		t.Fatalf("got %s, %v; want an empty string", text, err)
	}
	var g Histogram
	g.Record(time.Second)
	if err := json.Unmarshal(text, &g); err != nil || g.Count() != 0 {
		t.Errorf("got count %d, %v; want 0, nil", g.Count(), err)
	}
}

func TestBrokenHistogramTextIsAnError(t *testing.T) {
	var whole Histogram
	whole.Record(time.Second)
	good, err := whole.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"not base64":         "%%%",
		"too short":          "AAAA",
		"zeros":              strings.Repeat("A", 64),
		"cut in half":        string(good[:len(good)/8*4]),
		"another cookie":     "AAAAAAAA" + string(good[8:]),
		"another range":      otherRange(t),
		"garbage compressed": string(good[:12]) + strings.Repeat("Q", 40),
	} {
		t.Run(name, func(t *testing.T) {
			var g Histogram
			if err := g.UnmarshalText([]byte(text)); err == nil {
				t.Errorf("got %d durations, want an error", g.Count())
			}
		})
	}
}

// otherRange is a sound histogram that reaches to the largest number.
func otherRange(t *testing.T) string {
	t.Helper()
	text, err := hdr.New(1, math.MaxInt64/2, 2).Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func FuzzHistogramText(f *testing.F) {
	var seed Histogram
	seed.Record(time.Second)
	text, err := seed.MarshalText()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("HISTFAAA"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var g Histogram
		if err := g.UnmarshalText(text); err != nil {
			return
		}
		g.Merge(seed)
		_, _ = g.Quantile(.99), g.Max()
	})
}
