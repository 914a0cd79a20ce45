package slo

import (
	"math"
	"testing"
)

// fourNines is the steady-state rule of the design: 99.99 % at 95 %.
func fourNines() Rule {
	return Rule{Unit: Requests, Eps: 1e-4, Alpha: .05, BadSeconds: 3}
}

func TestCleanStackHoldsAtItsTableEntry(t *testing.T) {
	s := NewSequential(fourNines(), Carried{})
	s.Add(0, 34_048)
	if got := s.Decision(); got != Undecided {
		t.Errorf("34 048 clean: got %d, want undecided", got)
	}
	if more, ok := s.CleanToHold(); !ok || more != 1 {
		t.Errorf("got %d, %v more clean requests; want 1, true", more, ok)
	}
	s.Add(0, 1)
	if got := s.Decision(); got != Holds {
		t.Errorf("34 049 clean: got %d, want holds", got)
	}
	if more, ok := s.CleanToHold(); !ok || more != 0 {
		t.Errorf("already held: got %d, %v; want 0, true", more, ok)
	}
	if pass, fail := s.P(); pass > .05 || fail != 1 {
		t.Errorf("p-values %g and %g, want at most 0.05 and 1", pass, fail)
	}
}

func TestRefutationNeedsDistinctBadSeconds(t *testing.T) {
	s := NewSequential(fourNines(), Carried{})
	s.Add(50, 100)
	s.Add(50, 100)
	if got := s.Decision(); got != Undecided {
		t.Errorf("two bad seconds: got %d, want undecided", got)
	}
	if _, p := s.P(); p != 1 {
		t.Errorf("two bad seconds: p %g, want 1", p)
	}
	s.Add(1, 100)
	if got := s.Decision(); got != Refuted {
		t.Errorf("three bad seconds: got %d, want refuted", got)
	}
}

func TestEvidenceFromBeforeTheGuardDoesNotRefuteLater(t *testing.T) {
	s := NewSequential(fourNines(), Carried{})
	s.Add(1, 20) // E to fail is above 20 here
	s.Add(0, 30_000)
	s.Add(1, 20)
	s.Add(1, 20)
	if got := s.Decision(); got != Undecided {
		t.Errorf("3 of 30 060 is within reach of 1e-4: got %d, want undecided", got)
	}
}

func TestMaximaOutliveTheEvidence(t *testing.T) {
	rule := fourNines()
	rule.Alpha = .01 // so that it stays undecided
	s := NewSequential(rule, Carried{})
	s.Add(0, 34_049)
	was, _ := s.LogMaxE()
	s.Add(1, 100)
	now, _ := s.LogE()
	if most, _ := s.LogMaxE(); most != was || now >= was {
		t.Errorf("evidence fell from %g to %g, its maximum is %g; want the maximum kept", was, now, most)
	}
	if got := s.Stopped().LogPass; got != now {
		t.Errorf("carried on: got %g, want the stopped value %g", got, now)
	}
}

func TestSessionsOnTheSameBuildMultiply(t *testing.T) {
	rule := Rule{Unit: Injections, Eps: .1, Alpha: .05}
	carried := Carried{}
	nights := 0
	for ; nights < 10; nights++ {
		s := NewSequential(rule, carried)
		for range 12 {
			s.Add(0, 1)
		}
		carried = s.Stopped()
		if s.Decision() == Holds {
			break
		}
	}
	one := 3 * LogEPass(0, 12, .1)
	if math.Abs(carried.LogPass-one) > 1e-12 || nights != 2 {
		t.Errorf("after %d nights ln E is %g, want %g after 3", nights+1, carried.LogPass, one)
	}
	s := NewSequential(rule, Carried{LogPass: math.NaN(), LogFail: 1})
	if pass, fail := s.LogE(); pass != 0 || fail != 0 {
		t.Errorf("carried no number: got %g and %g, want 0", pass, fail)
	}
	guarded := NewSequential(fourNines(), Carried{LogFail: 10, BadSeconds: 3})
	if guarded.Decision() != Refuted {
		t.Error("bad seconds and evidence of the earlier session were not carried")
	}
}

func TestFailingAmongManyChecksNeedsMore(t *testing.T) {
	rule := Rule{Unit: Injections, Eps: .1, Alpha: .05, Checks: 20}
	s := NewSequential(rule, Carried{})
	s.Add(1, 1)
	s.Add(1, 1)
	if s.Decision() != Undecided || !s.Suspect() {
		t.Errorf("2 of 2 among 20 checks: decision %d, suspect %v; want undecided and suspect", s.Decision(), s.Suspect())
	}
	for range 3 {
		s.Add(1, 1)
	}
	if s.Decision() != Refuted || s.Suspect() {
		t.Errorf("5 of 5: decision %d, suspect %v; want refuted", s.Decision(), s.Suspect())
	}
}

func TestDispersionRaisedLateTakesEvidenceBack(t *testing.T) {
	s := NewSequential(Rule{Unit: Requests, Eps: 1e-4, Alpha: .05, Dispersion: 2}, Carried{})
	s.Add(0, 2*34_049)
	if s.Decision() != Holds {
		t.Fatal("twice the clean requests at φ=2 must hold")
	}
	s.Disperse(1)
	if s.Decision() != Holds {
		t.Error("a smaller φ must change nothing")
	}
	s.Disperse(5)
	if s.Decision() != Undecided {
		t.Error("at φ=5 these requests are too few")
	}
	if more, ok := s.CleanToHold(); !ok || math.Abs(float64(more)-3*34_048.5) > 5 {
		t.Errorf("got %d, %v more; want three times the clean requests", more, ok)
	}
}

func TestFutilityKnowsWhatTheBudgetCannotReach(t *testing.T) {
	s := NewSequential(fourNines(), Carried{})
	if s.Futile(34_049) || !s.Futile(34_048) {
		t.Error("clean: 34 049 requests reach a decision and 34 048 do not")
	}
	s.Add(1, 1000)
	if s.Futile(67_810) || !s.Futile(67_809) {
		t.Error("one failure: 67 810 requests reach a decision and 67 809 do not")
	}
	if !s.Refutable(67_809) || s.Refutable(1000) {
		t.Error("the remaining requests may still all fail; none remaining refutes nothing")
	}
	s.Add(5, 100)
	s.Add(5, 100)
	if s.Decision() != Refuted || s.Futile(1e6) || !s.Refutable(0) {
		t.Error("what is decided is neither futile nor open")
	}
}

func TestARuleThatCannotBeIsNeverDecided(t *testing.T) {
	for _, rule := range []Rule{{}, {Eps: 1e-4}, {Alpha: .05}, {Eps: math.NaN(), Alpha: .05}, {Eps: 1, Alpha: .05}, {Eps: .1, Alpha: math.NaN()}} {
		s := NewSequential(rule, Carried{LogPass: 99, LogFail: 99})
		s.Add(5, 1e6)
		_, ok := s.CleanToHold()
		if s.Decision() != Undecided || s.Suspect() || !s.Futile(1e9) || s.Refutable(1e9) || ok {
			t.Errorf("%+v was decided", rule)
		}
	}
}

func TestCountsThatCannotBeAreLeftOut(t *testing.T) {
	s := NewSequential(fourNines(), Carried{})
	for _, c := range [][2]float64{{math.NaN(), 10}, {0, math.NaN()}, {-1, 10}, {0, -10}, {0, math.Inf(1)}} {
		s.Add(c[0], c[1])
	}
	if pass, fail := s.LogE(); pass != 0 || fail != 0 {
		t.Errorf("got %g and %g, want no evidence", pass, fail)
	}
	s.Add(5, 3)
	if got, _ := s.LogE(); got != LogEPass(5, 5, 1e-4) {
		t.Errorf("more failures than trials: got %g, want those of 5 of 5", got)
	}
}

func TestWhatIsMissingToRefute(t *testing.T) {
	rule := fourNines()
	if n, ok := NewSequential(rule, Carried{}).AlikeToRefute(); ok {
		t.Errorf("nothing seen: got %d", n)
	}
	clean := NewSequential(rule, Carried{})
	clean.Add(0, 1000)
	if n, ok := clean.AlikeToRefute(); ok {
		t.Errorf("no failure: got %d", n)
	}
	sudden := NewSequential(rule, Carried{})
	sudden.Add(50, 50)
	if n, ok := sudden.AlikeToRefute(); n != 0 || !ok || sudden.SecondsShort() != 2 || sudden.Decision() != Undecided {
		t.Errorf("one second of failures: got %d %v, %d seconds short, %v", n, ok, sudden.SecondsShort(), sudden.Decision())
	}
	few := NewSequential(rule, Carried{})
	for range 3 {
		few.Add(1, 5000)
	}
	more, ok := few.AlikeToRefute()
	if few.SecondsShort() != 0 || !ok || more <= 0 {
		t.Fatalf("3 of 15,000: %d seconds short, %d more, %v", few.SecondsShort(), more, ok)
	}
	few.Add(float64(more)/5000, float64(more))
	if few.Decision() != Refuted {
		t.Errorf("%d more alike: got %v, want refuted", more, few.Decision())
	}
	if n, ok := few.AlikeToRefute(); n != 0 || !ok {
		t.Errorf("refuted: got %d %v, want 0", n, ok)
	}
}
