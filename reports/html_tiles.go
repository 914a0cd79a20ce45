package reports

import (
	"fmt"

	"github.com/fournines/fournines/harness"
)

// tiles are the numbers that answer "what did it cost" at a glance, from the
// trial to look at first. What was not measured is a dash.
func (s scenario) tiles() []tileView {
	i := s.worst()
	if i < 0 || s.trials[i].measured == nil {
		return nil
	}
	t, m := s.trials[i], s.trials[i].measured
	if m.Scheduled == 0 {
		const note = "not measured: no request was sent"
		return []tileView{{Name: "failed requests", Value: unmeasured, Note: note}, {Name: "downtime", Value: unmeasured, Note: note}}
	}
	tiles := []tileView{
		{Name: "failed requests", Value: count(m.Bad), Note: fmt.Sprintf("%s of %s", percent(m.FailedFraction), count(m.Scheduled)), Outcome: t.outcomeOf("failed", "steady-state")},
		{Name: "downtime", Value: length(m.OutageDowntime.Total), Note: plusMinus(m.OutageDowntime.Resolution), Outcome: t.outcomeOf("downtime")},
	}
	if m.Recovery.Applies {
		noticed := phaseTile("noticed after", m.Recovery.Detection(), t.outcomeOf("detection"))
		noticed.Note = withNote(noticed.Note, pagerNote(m.Recovery))
		return append(tiles, noticed, phaseTile("recovered after", recovered(m.Recovery), t.outcomeOf("recovery")))
	}
	tiles = append(tiles, tileView{Name: "availability", Value: availability(1 - m.FailedFraction), Note: "of requests; " + availability(m.OutageDowntime.Availability) + " of time"})
	if p99, ok := m.Latency["p99"]; ok {
		tiles = append(tiles, tileView{Name: "latency p99", Value: length(p99), Note: "99 of 100 answers came at least this fast", Outcome: t.outcomeOf("latency-p99")})
	}
	return tiles
}

// pagerNote says when an alert fired; people are called by it, and not by what
// the platform noticed.
func pagerNote(r harness.RecoveryTime) string {
	if r.Paged.State == harness.Seen {
		return "alert after " + length(max(0, r.Paged.Hi-r.Effective.Hi))
	}
	return "no alert seen"
}

// recovered is the time that a limit on the recovery is held against: until
// the platform had dealt with the fault and users were served again.
func recovered(r harness.RecoveryTime) harness.Phase {
	if r.Recovered.State == "" { // evidence of an earlier version
		return r.Total
	}
	return r.Recovered
}

func phaseTile(name string, p harness.Phase, outcome outcomeView) tileView {
	tile := tileView{Name: name, Outcome: outcome}
	switch p.State {
	case harness.Seen:
		tile.Value, tile.Note = length(p.Length), plusMinus(p.Resolution)
		if bound, ok := p.Below(); ok {
			tile.Value, tile.Note = "<"+nbsp+length(bound), "shorter than can be told"
		}
	case harness.Censored:
		tile.Value, tile.Note = ">"+nbsp+length(p.Length), "not until then"
	default:
		tile.Value, tile.Note = "–", "not observed"
	}
	return tile
}
