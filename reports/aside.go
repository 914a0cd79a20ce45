package reports

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
)

// asides are what helps to read a verdict and decides nothing, a short line
// each: what all trials together say, when somebody would be called about a
// verdict that is no pass, and the health of the load generator. Of an invalid run there are none: what was
// seen then is told apart.
func (s scenario) asides() []fact {
	i := s.worst()
	if i < 0 || s.Outcome == harness.Invalid {
		return nil
	}
	facts := s.together()
	if text := s.trials[i].burn(); text != "" && s.Outcome != harness.Pass {
		facts = append(facts, fact{"burn alert", text})
	}
	if text := s.trials[i].generatorFacts(); text != "" {
		facts = append(facts, fact{"generator", text})
	}
	return facts
}

// together says what all trials say of the recovery; nil for a single one.
func (s scenario) together() []fact {
	all, ok := s.Verdict.Together()
	if !ok {
		return nil
	}
	var facts []fact
	if all.Recovered.Of > 0 {
		facts = append(facts, fact{"recovered", shareWords(all.Recovered) + "; " + halfWords(all)})
	}
	if all.Named.Of > 0 {
		facts = append(facts, fact{"named right", shareWords(all.Named) + ", where somebody watched who could"})
	}
	return facts
}

// shareWords is "4 of 5 trials (28 % to 99 %, at 95 % confidence)".
func shareWords(s harness.Share) string {
	return fmt.Sprintf("%d of %s (%s to %s, at 95"+nbsp+"%% confidence)", s.Did, plural(s.Of, "trial"), percent(s.Between.Lo), percent(s.Between.Hi))
}

// halfWords is "half of them within 4.7 s (4.4 s to 5.1 s)".
func halfWords(t harness.Together) string {
	if t.Half == nil {
		return "fewer than half by themselves, so there is no median"
	}
	text := "half of them within " + length(*t.Half)
	switch {
	case t.Least != nil && t.Most != nil:
		return text + fmt.Sprintf(" (%s to %s)", length(*t.Least), length(*t.Most))
	case t.Least != nil:
		return text + fmt.Sprintf(" (at least %s, without an upper bound)", length(*t.Least))
	case t.Recovered.Of < 6:
		return text + " (six trials would bound it)"
	}
	return text
}

// burn says when a burn-rate alert would fire if requests went on failing as in
// this trial, in production, whose windows are full; empty when none failed or nothing is promised.
func (t trial) burn() string {
	if t.measured == nil || t.evidence == nil || t.measured.Bad == 0 {
		return ""
	}
	objective := t.evidence.Plan.Scenario.SLO
	if !(objective.Availability > 0) {
		return ""
	}
	ratio := t.measured.FailedFraction
	went := fmt.Sprintf("if %s of requests went on failing, ", percent(ratio))
	alerts := objective.BurnAlerts(ratio)
	if len(alerts) == 0 {
		return went + "no alert on the burn rate of " + availability(objective.Availability) + " would ever fire"
	}
	first := alerts[0]
	what := "open a ticket"
	if first.Pages {
		what = "call people"
	}
	return went + fmt.Sprintf("an alert on the burn rate of %s would %s after %s (%.3g × what is allowed, over %s and %s)",
		availability(objective.Availability), what, length(first.After), first.Factor, window(first.Long), window(first.Short))
}

// window is a span of an alert: "1 h", "3 days".
func window(d time.Duration) string {
	switch h := d.Hours(); {
	case h > 24:
		return fmt.Sprintf("%.3g", h/24) + nbsp + "days"
	case h >= 1:
		return fmt.Sprintf("%.3g", h) + nbsp + "h"
	default:
		return fmt.Sprintf("%.3g", h*60) + nbsp + "min"
	}
}

// asideLines are the asides as lines of text.
func (s scenario) asideLines() []string {
	var lines []string
	for _, f := range s.asides() {
		lines = append(lines, raised(f.name)+": "+f.text)
	}
	return lines
}
