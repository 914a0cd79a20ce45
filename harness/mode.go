package harness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// NoopAction is the action that breaks nothing: the control arm.
const NoopAction = "noop"

// Targetless reports whether an action needs no target: it breaks nothing, or
// changes what clients do and hits no replica itself.
func Targetless(action string) bool {
	switch action {
	case NoopAction, "traffic-spike", "retry-storm", "connection-churn", "slow-clients":
		return true
	}
	return false
}

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
	// LeaderMode hits the one replica that the stack says is the leader.
	LeaderMode Mode = "leader"
	// FollowerMode hits one replica that the stack says follows a leader.
	FollowerMode Mode = "follower"
	// Minority hits the largest number of replicas below half of them.
	Minority Mode = "minority"
	// Majority hits the smallest number of replicas above half of them.
	Majority Mode = "majority"
)

// Role is what a replica is among those of its component, as the stack says.
type Role string

// Roles that a mode can ask for.
const (
	Leader   Role = "leader"
	Follower Role = "follower"
)

// role is the role that the mode asks for; empty when it asks for none.
func (m Mode) role() Role {
	switch m {
	case LeaderMode:
		return Leader
	case FollowerMode:
		return Follower
	}
	return ""
}

// Modes returns the modes that TargetSpec.Mode may have.
func Modes() []string {
	return []string{
		string(One), string(All), string(Fixed), string(FixedPercent), string(RandomMaxPercent),
		string(LeaderMode), string(FollowerMode), string(Minority), string(Majority),
	}
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
	case m == Minority:
		return (n - 1) / 2
	case m == Majority:
		return n/2 + 1
	default:
		return 1
	}
}

// choose draws from the candidates, which must be sorted by name.
func (t TargetSpec) choose(candidates []Target, rng *rand.Rand) ([]Target, error) {
	most := t.most(len(candidates))
	switch {
	case most == 0 && Mode(t.Mode) == Minority:
		return nil, fmt.Errorf("a minority of %s comes to no replica: it takes three for one", names(candidates))
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
