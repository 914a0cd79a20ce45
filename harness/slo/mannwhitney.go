package slo

import (
	"errors"
	"math"

	"github.com/aclements/go-moremath/stats"
)

// RankTest is the result of a Mann-Whitney test.
type RankTest struct {
	// U counts the pairs in which the candidate took longer; ties are half.
	U float64
	// Differs, Longer and Shorter are the p-values of the null hypothesis that
	// both arms are alike, against each alternative for the candidate.
	Differs, Longer, Shorter float64
	// Exact is false where the arms are too large for the exact distribution
	// and the normal approximation was used.
	Exact bool
}

// MannWhitney compares two arms by rank alone (Mann and Whitney, 1947), with
// the exact distribution of U given the ties (Klotz, 1966) up to 50 per arm
// and up to 25 where values tie. Censored observations tie as the largest.
// Differs is twice the smaller of the other two: the distribution need not be
// symmetric where values tie. Where there is nothing to compare, because an
// arm is empty or all values are alike, every p-value is 1.
func MannWhitney(candidate, baseline []Observation) RankTest {
	x, y := ranked(candidate), ranked(baseline)
	pairs := float64(len(x)) * float64(len(y))
	// P(U >= u) is asked as P(U' <= u') of the other arm: the library's own
	// upper tail takes whole steps and is too large where values tie by halves.
	shorter, errShorter := stats.MannWhitneyUTest(x, y, stats.LocationLess)
	longer, errLonger := stats.MannWhitneyUTest(y, x, stats.LocationLess)
	if errors.Join(errShorter, errLonger) != nil {
		return RankTest{U: pairs / 2, Differs: 1, Longer: 1, Shorter: 1, Exact: true}
	}
	limit := stats.MannWhitneyExactLimit
	if tied(x, y) {
		limit = stats.MannWhitneyTiesExactLimit
	}
	return RankTest{
		U:       shorter.U,
		Differs: min(1, 2*min(shorter.P, longer.P)),
		Longer:  longer.P,
		Shorter: shorter.P,
		Exact:   max(len(x), len(y)) <= limit,
	}
}

// ranked are values as the library wants them; only their order counts.
func ranked(all []Observation) []float64 {
	v := make([]float64, len(all))
	for i, o := range all {
		v[i] = float64(o.After)
		if o.Censored {
			v[i] = math.Inf(1)
		}
	}
	return v
}

// tied reports whether any value occurs twice, in one arm or in both.
func tied(x, y []float64) bool {
	seen := make(map[float64]bool, len(x)+len(y))
	for _, arm := range [][]float64{x, y} {
		for _, v := range arm {
			if seen[v] {
				return true
			}
			seen[v] = true
		}
	}
	return false
}
