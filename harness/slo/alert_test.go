package slo

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const day = 24 * time.Hour

func TestBurnFactorsAgreeWithTheTables(t *testing.T) {
	near := cmpopts.EquateApprox(0, 5e-5)
	for _, c := range []struct {
		name   string
		period time.Duration
		share  [4]float64
		want   [4]float64
	}{
		{"30 days", 30 * day, [4]float64{.02, .05, .1, .1}, [4]float64{14.4, 6, 3, 1}},
		{"28 days", 28 * day, [4]float64{.02, .05, .1, .1}, [4]float64{13.44, 5.6, 2.8, .9333}},
		{"7 days", 7 * day, [4]float64{.08, .125, .2, .42}, [4]float64{13.44, 3.5, 1.4, .98}},
	} {
		var got [4]float64
		for i, long := range []time.Duration{time.Hour, 6 * time.Hour, day, 3 * day} {
			got[i] = BurnFactor(c.share[i], c.period, long)
		}
		if diff := cmp.Diff(c.want, got, near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	for _, bad := range []float64{BurnFactor(0, day, time.Hour), BurnFactor(.1, 0, time.Hour), BurnFactor(.1, day, 0), BurnFactor(math.NaN(), day, day)} {
		if bad != 0 {
			t.Errorf("without a share, a period or a window: got %g, want 0", bad)
		}
	}
}

func TestWorkbookAlerts(t *testing.T) {
	want := []Alert{
		{Long: time.Hour, Short: 5 * time.Minute, Factor: 14.4},
		{Long: 6 * time.Hour, Short: 30 * time.Minute, Factor: 6},
		{Long: day, Short: 2 * time.Hour, Factor: 3},
		{Long: 3 * day, Short: 6 * time.Hour, Factor: 1},
	}
	got := WorkbookAlerts(30 * day)
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := got[0].Threshold(.9999); math.Abs(got-.00144) > 1e-12 {
		t.Errorf("quick page at 99.99 %%: threshold %g, want .00144", got)
	}
	for i, share := range []float64{.02, .05, .1, .1} {
		if got := got[i].BudgetShare(30 * day); math.Abs(got-share) > 1e-12 {
			t.Errorf("alert %d: %g of the budget gone, want %g", i, got, share)
		}
	}
	if got := got[0].BudgetShare(0); got != 0 {
		t.Errorf("of no budget: got %g, want 0", got)
	}
}

func TestBothWindowsMustBurn(t *testing.T) {
	a := Alert{Long: time.Hour, Short: 5 * time.Minute, Factor: 14.4}
	for _, c := range []struct {
		name        string
		long, short float64
		want        bool
	}{
		{"both", .01, .01, true},
		{"over already", .01, 0, false},
		{"only just begun", .001, 1, false},
		{"at the threshold", a.Threshold(.9999), 1, false},
		{"no data", math.NaN(), math.NaN(), false},
	} {
		if got := a.Burns(.9999, c.long, c.short); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
