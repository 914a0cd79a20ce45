package slo

import (
	"math"
	"testing"
)

// wald is the sequential probability ratio test of p0 against a worse p1, both
// errors .05 (Wald, 1945). It is here and not in the package: it is what
// Sequential is measured against (docs/adr, "No test of two points, no change
// points").
type wald struct{ p0, p1 float64 }

// bound is A = ln((1-b)/a) = -B: it refutes at A and passes at -A.
var bound = math.Log(.95 / .05)

// steps are what one failure and one success add.
func (w wald) steps() (failure, success float64) {
	return math.Log(w.p1 / w.p0), math.Log((1 - w.p1) / (1 - w.p0))
}

// lines are the slope and the intercept of the two lines k = slope*n ± intercept
// between which it goes on.
func (w wald) lines() (slope, intercept float64) {
	failure, success := w.steps()
	return -success / (failure - success), bound / (failure - success)
}

// clean is after how many clean trials it passes, failing after how many
// failures in a row it refutes.
func (w wald) clean() (clean, failing int) {
	failure, success := w.steps()
	return int(math.Ceil(-bound / success)), int(math.Ceil(bound / failure))
}

// mean is how many trials it takes when a share p fails and it errs in .05 of
// all cases (Wald's approximation, without the excess over the bound).
func (w wald) mean(p float64) float64 {
	failure, success := w.steps()
	end := .9 * bound // .95*A + .05*B where it refutes
	if p == w.p0 {
		end = -end
	}
	return end / (p*failure + (1-p)*success)
}

func TestWaldsTestAgreesWithTheTable(t *testing.T) {
	for _, row := range []struct {
		p0, p1, slope, intercept float64
		clean                    int
		good, bad                float64
	}{
		{2.5e-5, 1e-4, 5.410152e-5, 2.1238, 39_257, 65_683, 41_645},
		{5e-5, 1e-4, 7.213496e-5, 4.2476, 58_885, 172_707, 137_192},
		{1e-5, 1e-4, 3.908713e-5, 1.2787, 32_715, 39_565, 18_893},
		{1e-4, 2e-4, 1.442703e-4, 4.2473, 29_440, 86_346, 68_592},
		{1e-4, 5e-4, 2.485468e-4, 1.8290, 7_359, 11_082, 6_546},
		{1e-4, 1e-3, 3.909273e-4, 1.2783, 3_270, 3_954, 1_889},
	} {
		w := wald{row.p0, row.p1}
		slope, intercept := w.lines()
		clean, _ := w.clean()
		if !near(slope, row.slope) || math.Abs(intercept-row.intercept) > 6e-5 || clean != row.clean {
			t.Errorf("%g against %g: slope %.7g, intercept %.4f, %d clean; want %.7g, %.4f, %d", row.p0, row.p1, slope, intercept, clean, row.slope, row.intercept, row.clean)
		}
		if good, bad := w.mean(row.p0), w.mean(row.p1); math.Abs(good-row.good) > 1 || math.Abs(bad-row.bad) > 1 {
			t.Errorf("%g against %g: takes %.0f and %.0f trials, want %.0f and %.0f", row.p0, row.p1, good, bad, row.good, row.bad)
		}
	}
}

func TestWaldsTestOfInjectionsAgreesWithTheTable(t *testing.T) {
	for _, row := range []struct {
		p0, p1         float64
		clean, failing int
		good, bad      float64
	}{{.05, .3, 10, 2, 13, 8}, {.02, .2, 15, 2, 17, 9}} {
		w := wald{row.p0, row.p1}
		clean, failing := w.clean()
		if clean != row.clean || failing != row.failing || math.Round(w.mean(row.p0)) != row.good || math.Round(w.mean(row.p1)) != row.bad {
			t.Errorf("%g against %g: got %d, %d, %.1f, %.1f; want %+v", row.p0, row.p1, clean, failing, w.mean(row.p0), w.mean(row.p1), row)
		}
	}
}

// Why the verdict rests on a mixture: of the tests of two points that may claim
// the objective, those that know how good a stack is beat it by little, and
// those that do not lose by more.
func TestTheMixturePassesACleanStackAboutAsSoonAsATestMadeForIt(t *testing.T) {
	mixture, ok := NewSequential(fourNines(), Carried{}).CleanToHold()
	if !ok {
		t.Fatal("a clean stack never passes")
	}
	best, _ := wald{1e-5, 1e-4}.clean()
	guess, _ := wald{5e-5, 1e-4}.clean()
	if over := float64(mixture)/float64(best) - 1; over > .05 || mixture > guess {
		t.Errorf("the mixture passes after %d clean requests, %.1f %% later than the best test of two points (%d); one that guessed wrong takes %d", mixture, 100*over, best, guess)
	}
	// And a pass against 1e-3 is no claim about 1e-4, though it comes soon.
	soon, _ := wald{1e-4, 1e-3}.clean()
	if hi := ConfidenceSequence(Requests, 0, float64(soon), .95).Hi; hi < 5e-4 {
		t.Errorf("%d clean requests leave room up to %g only", soon, hi)
	}
}
