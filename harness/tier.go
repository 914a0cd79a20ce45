package harness

import (
	"slices"

	"github.com/fournines/fournines/harness/slo"
)

// Tier is how sure a kind of run wants to be of an injection: that at most the
// share Exceeding of all such injections goes beyond a limit.
type Tier struct {
	Name string
	// Exceeding lies in (0,1).
	Exceeding float64
}

// Tiers returns the tiers, the least sure first.
func Tiers() []Tier { return []Tier{{"pr", .5}, {"nightly", .2}, {"release", .1}} }

// FindTier returns the tier of a name.
func FindTier(name string) (Tier, bool) {
	all := Tiers()
	if i := slices.IndexFunc(all, func(t Tier) bool { return t.Name == name }); i >= 0 {
		return all[i], true
	}
	return Tier{}, false
}

// Clean is the number of injections, none beyond a limit, that proves the tier
// at Confidence.
func (t Tier) Clean() int {
	n, _ := slo.CleanTrials(t.Exceeding, Confidence)
	return n
}

// Budget is the number of injections that proves the tier when one of them
// goes beyond a limit. It is also enough to refute it when all do.
func (t Tier) Budget() int {
	n, _ := slo.TrialsWith(1, t.Exceeding, Confidence)
	return n
}
