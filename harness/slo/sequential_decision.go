package slo

import "math"

// Decision is what the evidence says so far: Refuted when the largest evidence
// to fail reached Checks/Alpha, else Holds when the largest evidence to pass
// reached 1/Alpha, else Undecided. Stop at the first that is not Undecided;
// who goes on is told the worse.
func (s *Sequential) Decision() Decision {
	switch {
	case s.pass == nil:
		return Undecided
	case s.maxFail >= s.level()+math.Log(float64(s.rule.Checks)):
		return Refuted
	case s.maxPass >= s.level():
		return Holds
	}
	return Undecided
}

// Suspect reports whether the evidence to fail would refute this check alone,
// but not among all declared checks: reason to extend the session, not to
// fail.
func (s *Sequential) Suspect() bool {
	return s.pass != nil && s.maxFail >= s.level() && s.Decision() != Refuted
}

// Futile reports whether the session cannot come to Holds any more within
// limit trials in all, even when none of the remaining ones fails. It may
// still come to Refuted: see Refutable. It is false once decided.
func (s *Sequential) Futile(limit float64) bool {
	if s.Decision() != Undecided {
		return false
	}
	return s.pass == nil || !(s.passAt(limit) >= s.level())
}

// Refutable reports whether the session is Refuted, or would be within limit
// trials in all when every remaining one fails, in as many seconds as it
// takes.
func (s *Sequential) Refutable(limit float64) bool {
	if s.pass == nil || s.Decision() == Refuted {
		return s.pass != nil
	}
	rest := max(limit-s.n, 0)
	if rest == 0 || !finite(rest) {
		return rest > 0
	}
	worst := s.carried.LogFail + s.fail.log((s.k+rest)/s.phi, (s.n+rest)/s.phi)
	return worst >= s.level()+math.Log(float64(s.rule.Checks))
}

// CleanToHold is how many more trials, all of them clean, would bring Holds: 0
// when it holds already. ok is false when the rule is never decided, when it
// is Refuted, or when the answer is beyond 2^52.
func (s *Sequential) CleanToHold() (n int, ok bool) {
	if s.pass == nil || s.Decision() == Refuted {
		return 0, false
	}
	if s.Decision() == Holds {
		return 0, true
	}
	return firstTrue(0, func(more int) bool { return s.passAt(s.n+float64(more)) >= s.level() })
}

// SecondsShort is in how many more distinct seconds trials must fail before
// evidence that is large enough now refutes the rule; 0 when the evidence is
// not large enough, or when the guard of Rule.BadSeconds is met.
func (s *Sequential) SecondsShort() int {
	if _, fail := s.LogE(); s.pass == nil || fail < s.level()+math.Log(float64(s.rule.Checks)) {
		return 0
	}
	return max(s.rule.BadSeconds-s.badSeconds, 0)
}

// AlikeToRefute is how many more trials, failing as often as those so far,
// would bring the evidence of Refuted (the guard of Rule.BadSeconds apart): 0
// when there is enough. ok is false when the rule is never decided, when
// nothing was seen, or when the answer is beyond 2^52: seldom enough failures
// never refute it.
func (s *Sequential) AlikeToRefute() (n int, ok bool) {
	if s.pass == nil || s.n == 0 {
		return 0, false
	}
	need := s.level() + math.Log(float64(s.rule.Checks))
	enough := func(more int) bool {
		share := (1 + float64(more)/s.n) / s.phi
		return s.carried.LogFail+s.fail.log(s.k*share, s.n*share) >= need
	}
	if enough(0) {
		return 0, true
	}
	return firstTrue(0, enough)
}

// passAt is the evidence to pass when no trial fails up to n in all.
func (s *Sequential) passAt(n float64) float64 {
	return s.carried.LogPass + s.pass.log(s.k/s.phi, n/s.phi)
}

// level is ln(1/Alpha).
func (s *Sequential) level() float64 { return -math.Log(s.rule.Alpha) }
