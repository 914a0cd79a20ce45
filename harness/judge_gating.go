package harness

// gating is which findings about one trial decide. Without a tier all do.
// Under one a limit that was missed, or could not be judged, is evidence and
// advisory: the tier's own finding decides. Three things no number of good
// injections makes up for: lost data, a fault that had to be taken back before
// its time, and a stack that is not steady again after its fault was removed.
func gating(terms Terms, findings []Finding) []Finding {
	if _, ok := FindTier(terms.Tier); !ok {
		return findings
	}
	decided := make([]Finding, len(findings))
	for i, f := range findings {
		f.Advisory = f.Advisory || !alwaysFails(f)
		decided[i] = f
	}
	return decided
}

func alwaysFails(f Finding) bool {
	if f.Outcome != Fail {
		return false
	}
	return aboutWrites(f.Check) || f.Code == SafetyStop || f.Code == NotRecovered && f.Check == "probes"
}
