package slo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

const (
	// quoted is how many runs the quoted characteristics come from.
	quoted = 4_000
	// played is how many runs we play for each.
	played = 100_000
	// away is how many standard errors of the difference are allowed.
	away = 4
	// unquoted is where the tables say nothing.
	unquoted = -1
)

// agree fails the test when a share of the runs that were played is further
// from the quoted one than both simulations' errors explain. digit is half of
// the last digit quoted. Where nothing is quoted there is nothing to agree on.
func agree(t *testing.T, what string, got, want, digit float64) {
	t.Helper()
	if want == unquoted {
		return
	}
	p := min(max((got+want)/2, 1./quoted), 1-1./quoted)
	if allowed := away*math.Sqrt(p*(1-p)*(1./quoted+1./played)) + digit; math.Abs(got-want) > allowed {
		t.Errorf("%s: got %.4f, want %.3f within %.4f", what, got, want, allowed)
	}
}

func TestSlowOperatingCharacteristicsAreReproduced(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: plays 100 000 runs for each entry of two tables; run without -short")
	}
	for _, table := range []struct {
		limit int
		rows  []struct{ p, pass, fail, mean float64 }
	}{
		{120_000, []struct{ p, pass, fail, mean float64 }{
			{0, 1, 0, 34_049},
			{.1, .984, .001, 47_031},
			{.25, .781, .001, 71_275},
			{.5, .340, .003, 98_485},
			{1, .044, .013, unquoted},
			{2, .002, .585, 86_103},
			{3, 0, .990, 37_111},
			{5, 0, 1, 11_850},
			{10, 0, 1, 3_612},
			{100, 0, 1, 173},
		}},
		{300_000, []struct{ p, pass, fail, mean float64 }{
			{0, 1, 0, 34_049},
			{.1, 1, 0, 47_977},
			{.25, .996, .001, 79_775},
			{.5, .703, .003, 182_629},
			{1, .046, .018, unquoted},
			{2, .001, .950, 116_034},
			{3, 0, 1, 37_550},
			{5, 0, 1, 12_056},
			{10, 0, 1, 3_580},
			{100, 0, 1, 165},
		}},
	} {
		play := newOperation(1, table.limit)
		for _, row := range table.rows {
			t.Run(fmt.Sprintf("%g times the threshold, up to %d requests", row.p, table.limit), func(t *testing.T) {
				got := play.play(uint64(1000*row.p), played, row.p*1e-4, 1, always(1))
				t.Logf("pass %.4f fail %.4f undecided %.4f, mean %.0f requests", got.share[Holds], got.share[Refuted], got.share[Undecided], got.mean)
				agree(t, "pass", got.share[Holds], row.pass, .0005)
				agree(t, "fail", got.share[Refuted], row.fail, .0005)
				agree(t, "undecided", got.share[Undecided], 1-row.pass-row.fail, .001)
				allowed := away*math.Sqrt(got.variance*(1./quoted+1./played)) + .5
				if row.mean != unquoted && math.Abs(got.mean-row.mean) > allowed {
					t.Errorf("mean requests: got %.0f, want %.0f within %.0f", got.mean, row.mean, allowed)
				}
			})
		}
	}
}

func TestSlowBurstsBreakTheRuleAndDispersionMendsIt(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: plays 100 000 runs for each entry; run without -short")
	}
	// Runs end after 300 000 requests' worth of evidence: 300 000*phi.
	for i, c := range []struct {
		name         string
		burst        func(*rand.Rand) int
		mean, phi, p float64
		pass, fail   float64
	}{
		{"single failures", always(1), 1, 1, 1, .045, .016},
		{"bursts of 5", always(5), 5, 1, 1, .572, .285},
		{"bursts of 20", always(20), 20, 1, 1, .838, .162},
		{"bursts of 100", always(100), 100, 1, 1, .968, .032},
		{"bursts of 5 over 5", always(5), 5, 5, 1, .045, .016},
		{"bursts of 20 over 20", always(20), 20, 20, 1, .054, .018},
		{"geometric bursts over their dispersion", geometric(5), 5, 9, 1, .016, .028},
		{"geometric bursts over their mean", geometric(5), 5, 5, 1, .103, .108},
		{"power to pass", geometric(5), 5, 9, .25, .996, unquoted},
		{"power to fail", geometric(5), 5, 9, 5, unquoted, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newOperation(c.phi, int(300_000*c.phi)).play(uint64(i), played, c.p*1e-4, c.mean, c.burst)
			t.Logf("pass %.4f fail %.4f", got.share[Holds], got.share[Refuted])
			agree(t, "pass", got.share[Holds], c.pass, .0005)
			agree(t, "fail", got.share[Refuted], c.fail, .0005)
		})
	}
}
