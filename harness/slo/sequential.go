package slo

import "math"

// Rule is what a Sequential test is to decide: "the failure probability is at
// most Eps". Eps or Alpha outside (0,1) is never decided.
type Rule struct {
	Unit Unit
	// Eps is the largest failure probability that is allowed, in (0,1).
	Eps float64
	// Alpha is the probability of either wrong claim, in (0,1); .05 is 95 %.
	Alpha float64
	// Checks is the number of checks declared together with this one. A PASS
	// of all needs no correction, a FAIL of any does: it needs Checks/Alpha.
	// Less than 1 is 1.
	Checks int
	// BadSeconds is the number of distinct seconds with a failure that a
	// refutation needs. With none, one failure among the first 36 requests
	// refutes 1e-4; 3 is the rule for Requests.
	BadSeconds int
	// Dispersion is the declared φ (see Dispersion); less than 1 is 1.
	Dispersion float64
}

// Carried is the evidence of earlier sessions on the same build: the values at
// which they stopped, which multiply. The zero value is none. Evidence of
// another build is never carried.
type Carried struct {
	LogPass, LogFail float64
	BadSeconds       int
}

// Sequential decides a Rule from counts that arrive over time; one may look
// and stop at any time (LogEPass, LogEFail). It keeps the largest evidence of
// both sides. Not safe for concurrent use.
type Sequential struct {
	rule             Rule
	pass, fail       mixture
	phi, k, n        float64
	badSeconds       int
	carried          Carried
	maxPass, maxFail float64
}

// NewSequential starts a session where earlier ones stopped. Carried evidence
// that is not a finite number is left out.
func NewSequential(rule Rule, carried Carried) *Sequential {
	rule.Checks = max(rule.Checks, 1)
	s := &Sequential{rule: rule, phi: Dispersion(rule.Dispersion, nil)}
	if finite(carried.LogPass) && finite(carried.LogFail) {
		s.carried, s.badSeconds = carried, max(carried.BadSeconds, 0)
	}
	if inside(rule.Eps) && inside(rule.Alpha) {
		s.pass, s.fail = passMixture(rule.Eps), rule.Unit.failMixture(rule.Eps)
	}
	s.restart()
	return s
}

// Add adds one second of requests, or one injection: total trials, bad of them
// failures. More failures than trials are that many trials. Counts that are
// negative or no finite number say nothing and are left out.
func (s *Sequential) Add(bad, total float64) {
	total = max(bad, total)
	if !counts(bad, total) {
		return
	}
	s.k, s.n = s.k+bad, s.n+total
	if bad > 0 {
		s.badSeconds++
	}
	s.note()
}

// Disperse raises φ to phi once failures are seen to come in larger episodes
// than declared; a smaller phi changes nothing. The largest evidence so far
// was too large: both maxima start again from what all counts say under phi.
func (s *Sequential) Disperse(phi float64) {
	if phi > s.phi && finite(phi) {
		s.phi = phi
		s.restart()
	}
}

// LogE is the natural logarithm of the evidence of both sides now, carried
// evidence included.
func (s *Sequential) LogE() (pass, fail float64) {
	return s.carried.LogPass + s.pass.log(s.k/s.phi, s.n/s.phi),
		s.carried.LogFail + s.fail.log(s.k/s.phi, s.n/s.phi)
}

// LogMaxE is the largest LogE there was. Evidence to fail counts from when the
// guard of Rule.BadSeconds is met; before, it is -Inf.
func (s *Sequential) LogMaxE() (pass, fail float64) { return s.maxPass, s.maxFail }

// P holds the anytime p-values of "more than Eps fail", which a small pass
// refutes, and of "at most Eps fail", which a small fail refutes.
func (s *Sequential) P() (pass, fail float64) { return AnytimeP(s.maxPass), AnytimeP(s.maxFail) }

// Stopped is what a later session on the same build carries on from: the
// evidence now and never its maximum, which would claim what one session saw
// on its way and did not keep.
func (s *Sequential) Stopped() Carried {
	pass, fail := s.LogE()
	return Carried{LogPass: pass, LogFail: fail, BadSeconds: s.badSeconds}
}

// restart forgets the maxima and notes the evidence now.
func (s *Sequential) restart() {
	s.maxPass, s.maxFail = math.Inf(-1), math.Inf(-1)
	s.note()
}

// note raises the maxima to the evidence now.
func (s *Sequential) note() {
	pass, fail := s.LogE()
	s.maxPass = max(s.maxPass, pass)
	if s.badSeconds >= s.rule.BadSeconds {
		s.maxFail = max(s.maxFail, fail)
	}
}

// finite reports whether x is a finite number.
func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
