package harness

import "testing"

func TestOutcomeZeroValueIsInconclusive(t *testing.T) {
	var o Outcome
	if o != Inconclusive || Worst() != Inconclusive {
		t.Errorf("zero value %s, worst of none %s; want inconclusive", o, Worst())
	}
}

func TestOutcomeWorstWins(t *testing.T) {
	order := []Outcome{Pass, Inconclusive, Invalid, Fail}
	for i, better := range order {
		for _, worse := range order[i:] {
			if got := better.Worse(worse); got != worse {
				t.Errorf("%s.Worse(%s) = %s", better, worse, got)
			}
			if got := worse.Worse(better); got != worse {
				t.Errorf("%s.Worse(%s) = %s", worse, better, got)
			}
		}
	}
}

func TestOutcomeText(t *testing.T) {
	for _, o := range []Outcome{Pass, Inconclusive, Invalid, Fail} {
		text, err := o.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back Outcome
		if err := back.UnmarshalText(text); err != nil || back != o {
			t.Errorf("%s came back as %s, error %v", o, back, err)
		}
	}
	if err := new(Outcome).UnmarshalText([]byte("ok")); err == nil {
		t.Error("an unknown word was accepted")
	}
}
