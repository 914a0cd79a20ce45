package harness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// NoopAction is the action that breaks nothing: the control arm. It is the
// only one that needs no target.
const NoopAction = "noop"

// Mode says how many of the matching replicas a fault hits. Which of them is
// drawn from the seed.
type Mode string

const (
	// One hits one replica.
	One Mode = "one"
	// All hits every replica, in the order of their names. It is the only mode
	// that may take a component's last replica.
	All Mode = "all"
	// Fixed hits Value replicas.
	Fixed Mode = "fixed"
	// FixedPercent hits Value percent of the replicas, to the nearest whole
	// number.
	FixedPercent Mode = "fixed-percent"
	// RandomMaxPercent hits at least one replica and at most Value percent of
	// them, to the nearest whole number.
	RandomMaxPercent Mode = "random-max-percent"
)

// Modes returns the modes that TargetSpec.Mode may have.
func Modes() []string {
	return []string{string(One), string(All), string(Fixed), string(FixedPercent), string(RandomMaxPercent)}
}

// Quantiles returns the keys that SLO.LatencyQuantiles and Measurement.Latency
// may have.
func Quantiles() []string { return []string{"p50", "p90", "p99", "p99.9", "max"} }

func (m Mode) percent() bool { return m == FixedPercent || m == RandomMaxPercent }

// most is the largest number of n replicas that the mode can hit.
func (t TargetSpec) most(n int) int {
	switch m := Mode(t.Mode); {
	case m == All:
		return n
	case m == Fixed:
		return int(t.Value)
	case m.percent():
		return int(math.Round(float64(n) * t.Value / 100))
	default:
		return 1
	}
}

// choose draws from the candidates, which must be sorted by name.
func (t TargetSpec) choose(candidates []Target, rng *rand.Rand) ([]Target, error) {
	most := t.most(len(candidates))
	switch {
	case most == 0:
		return nil, fmt.Errorf("%v%% of %s comes to no replica; raise the value or use mode one", t.Value, names(candidates))
	case most > len(candidates):
		return nil, fmt.Errorf("mode %s wants %d replicas, but there are only %s", t.Mode, most, names(candidates))
	case Mode(t.Mode) == All:
		return candidates, nil
	}
	count := most
	if Mode(t.Mode) == RandomMaxPercent {
		count = 1 + rng.IntN(most)
	}
	drawn := slices.Clone(candidates)
	rng.Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	return drawn[:count], nil
}
