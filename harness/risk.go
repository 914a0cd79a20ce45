package harness

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MaxETTF is the longest time between two occurrences that a risk may have.
const MaxETTF = 250 * 365 * 24 * time.Hour

// How the source of a risk's figure begins: somebody published it, or somebody
// assumed it.
const (
	PublishedSource  = "published: "
	AssumptionSource = "assumption: "
)

// RiskCatalogue says how often the faults that scenarios inject on purpose
// happen by themselves. Package spec reads it from YAML.
type RiskCatalogue struct {
	// Name says where it was read from, for people.
	Name  string      `json:"name"`
	Risks []RiskClass `json:"risks"`
}

// RiskClass is one class of fault.
type RiskClass struct {
	// Class is kebab-case and unique; Scenario.RiskClass refers to it.
	Class string `json:"class"`
	// Means is what happens, in a few words.
	Means string `json:"means,omitempty"`
	// ETTF is the estimated time between two occurrences anywhere in the
	// system; more than 0 and at most MaxETTF.
	ETTF time.Duration `json:"ettfNs"`
	// Source says where ETTF comes from: it begins with PublishedSource or
	// AssumptionSource.
	Source string `json:"source"`
}

// Assumed reports whether nobody published the figure.
func (r RiskClass) Assumed() bool { return !strings.HasPrefix(r.Source, PublishedSource) }

// Find returns the risk of a class; ok is false when there is none.
func (c RiskCatalogue) Find(class string) (r RiskClass, ok bool) {
	i := slices.IndexFunc(c.Risks, func(r RiskClass) bool { return r.Class == class })
	if i < 0 {
		return RiskClass{}, false
	}
	return c.Risks[i], true
}

// Validate returns nil when the catalogue can be used; otherwise all problems
// at once, joined, each a *FieldError.
func (c RiskCatalogue) Validate() error {
	v := &validation{}
	v.check(len(c.Risks) > 0, "risks", len(c.Risks), "at least one risk")
	seen := map[string]bool{}
	for i, r := range c.Risks {
		field := fmt.Sprintf("risks[%d]", i)
		v.check(isName(r.Class), field+".class", r.Class, "a class of lower-case words joined by hyphens")
		v.check(!seen[r.Class], field+".class", r.Class, "each class once")
		seen[r.Class] = true
		v.check(r.Means == "" || isSentence(r.Means), field+".means", r.Means, fmt.Sprintf("a few words on one line, at most %d characters", MaxHypothesis))
		v.check(r.ETTF > 0 && r.ETTF <= MaxETTF, field+".ettf", r.ETTF, "more than 0d and at most 91250d")
		v.check(isSource(r.Source), field+".source", r.Source,
			fmt.Sprintf("where the figure comes from: %q or %q and a sentence", PublishedSource, AssumptionSource))
	}
	return errors.Join(v.problems...)
}

func isSource(s string) bool {
	for _, prefix := range []string{PublishedSource, AssumptionSource} {
		if rest, ok := strings.CutPrefix(s, prefix); ok {
			return strings.TrimSpace(rest) != "" && len(s) <= 1000 && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' })
		}
	}
	return false
}
