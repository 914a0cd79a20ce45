package slo

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// example is the risk of the verdict maths: 5 min to detect, 30 to resolve,
// one user in five, every 90 days.
func example() Risk {
	return Risk{Name: "example", ETTF: 90 * day, Cost: Cost(5*time.Minute, 30*time.Minute, .2)}
}

func TestARiskPerYearAgreesWithTheExample(t *testing.T) {
	expected, _ := example().Yearly()
	if got := expected.Minutes(); math.Abs(got-28.41) > .005 {
		t.Errorf("got %.4f bad minutes a year, want 28.41", got)
	}
	four, three := PerYear(.9999, []Risk{example()}), PerYear(.999, []Risk{example()})
	if got := four.Limit.Minutes(); math.Abs(got-13.15) > .005 || !four.Risks[0].TooLarge || four.Within {
		t.Errorf("99.99 %%: limit %.3f min, %+v; want too large for 13.15", got, four)
	}
	if got := three.Limit.Minutes(); math.Abs(got-131.5) > .05 || three.Risks[0].TooLarge || !three.Within {
		t.Errorf("99.9 %%: limit %.3f min, %+v; want within 131.5", got, three)
	}
	if got := four.Budget.Minutes(); math.Abs(got-52.596) > 5e-4 {
		t.Errorf("budget %.4f min, want 52.596", got)
	}
}

func TestTheCatalogueIsHeldAgainstItsUpperBounds(t *testing.T) {
	catalogue := []Risk{
		{Name: "small", ETTF: 365 * day, Cost: time.Minute},
		{Name: "unsure", ETTF: 30 * day, Cost: time.Second, Upper: time.Minute},
		{Name: "frequent", ETTF: day, Cost: time.Second},
	}
	got := PerYear(.9999, catalogue)
	var names []string
	for _, r := range got.Risks {
		names = append(names, r.Name)
	}
	if diff := cmp.Diff([]string{"unsure", "frequent", "small"}, names); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	near := func(name string, got time.Duration, want float64) {
		if math.Abs(got.Minutes()-want) > 1e-6 {
			t.Errorf("%s: got %g min, want %g", name, got.Minutes(), want)
		}
	}
	small, unsure, frequent := 365.25/365, 365.25/30, 365.25/60
	near("expected", got.Expected, small+unsure/60+frequent)
	near("at most", got.AtMost, small+unsure+frequent)
	if math.Abs(got.Risks[0].ShareAtMost-unsure/52.596) > 1e-9 {
		t.Errorf("share %g, want %g", got.Risks[0].ShareAtMost, unsure/52.596)
	}
	if !got.Within {
		t.Errorf("19.3 of 52.6 min and no risk over 13.15: want within")
	}
	catalogue[1].Upper = 90 * time.Second
	if PerYear(.9999, catalogue).Within {
		t.Error("one risk takes 18.3 min: want not within")
	}
	var many []Risk
	for range 5 {
		many = append(many, Risk{ETTF: day, Cost: 2 * time.Second})
	}
	if got := PerYear(.9999, many); got.Within || got.Risks[0].TooLarge {
		t.Error("five of 12.2 min each: want none too large and the sum not within")
	}
}

func TestAnUnknownRiskHasNoBound(t *testing.T) {
	got := PerYear(.9999, []Risk{example(), {Name: "unknown"}})
	if got.Within || got.AtMost != Never || got.Risks[0].Name != "unknown" || got.Risks[0].Share != 1e9 {
		t.Errorf("got %+v", got)
	}
	if PerYear(.9999, nil).Within {
		t.Error("an empty catalogue shows nothing")
	}
	free := PerYear(1, []Risk{{ETTF: day}})
	if !free.Within || free.Risks[0].Share != 0 {
		t.Errorf("a fault that costs nothing is within any budget: got %+v", free)
	}
	if got := PerYear(1, []Risk{example()}); got.Within || got.Risks[0].Share != 1e9 {
		t.Errorf("any cost is over no budget: got %+v", got)
	}
}

func TestCostsThatCannotBe(t *testing.T) {
	if got := Cost(-time.Second, time.Minute, math.NaN()); got != time.Minute {
		t.Errorf("got %v, want 1m", got)
	}
	if got := Cost(Never, Never, 1); got != Never {
		t.Errorf("got %v, want never", got)
	}
	if e, u := (Risk{ETTF: day, Cost: -1, Upper: -2}).Yearly(); e != 0 || u != 0 {
		t.Errorf("negative cost: got %v, %v; want 0", e, u)
	}
}

func TestMeanCostIsBoundedByWhatExceeds(t *testing.T) {
	// 29 clean injections bound the exceedance at 9.8 %.
	got := MeanCostBound(10*time.Second, 110*time.Second, UpperBound(0, 29, .95))
	if math.Abs(got.Seconds()-19.8) > .1 {
		t.Errorf("got %v, want about 19.8 s", got)
	}
	for _, c := range []struct {
		exceeding float64
		want      time.Duration
	}{{0, time.Second}, {1, time.Minute}, {math.NaN(), time.Minute}, {-1, time.Minute}} {
		if got := MeanCostBound(time.Second, time.Minute, c.exceeding); got != c.want {
			t.Errorf("exceeding %g: got %v, want %v", c.exceeding, got, c.want)
		}
	}
	if got := MeanCostBound(time.Minute, time.Second, 1); got != time.Minute {
		t.Errorf("a limit below the budget: got %v, want the budget", got)
	}
}
