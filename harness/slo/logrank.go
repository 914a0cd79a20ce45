package slo

import "math"

// LogRankTest is the result of a log-rank test.
type LogRankTest struct {
	// Z is (O-E)/sqrt(V) for the candidate's recoveries: negative when they
	// come later than the baseline's.
	Z float64
	// P is two-sided, from the normal distribution of Z.
	P float64
}

// LogRank compares how two arms recover over time, whatever was censored
// (Mantel, 1966): at each time with d recoveries among n trials at risk, n1 of
// them the candidate's, d*n1/n are expected with variance
// d*(n1/n)*(n2/n)*(n-d)/(n-1). Where nothing can differ, because an arm is
// empty or nothing recovered, Z is 0 and P 1.
func LogRank(candidate, baseline []Observation) LogRankTest {
	both := make([]Observation, 0, len(candidate)+len(baseline))
	both = append(append(both, candidate...), baseline...)
	ours := group(candidate)
	excess, variance := 0.0, 0.0
	for _, g := range group(both) {
		for len(ours) > 0 && ours[0].at < g.at {
			ours = ours[1:]
		}
		if g.reached == 0 || len(ours) == 0 {
			continue
		}
		reached := 0
		if ours[0].at == g.at {
			reached = ours[0].reached
		}
		d, n, share := float64(g.reached), float64(g.atRisk), float64(ours[0].atRisk)/float64(g.atRisk)
		excess += float64(reached) - d*share
		if n > 1 {
			variance += d * share * (1 - share) * (n - d) / (n - 1)
		}
	}
	if variance <= 0 {
		return LogRankTest{P: 1}
	}
	z := excess / math.Sqrt(variance)
	return LogRankTest{Z: z, P: math.Erfc(math.Abs(z) / math.Sqrt2)}
}
