package harness

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/slo"
	"github.com/google/go-cmp/cmp"
)

// yearScenario has a fault for 20 s of Disruption and stands for a class.
func yearScenario(name, class string) Scenario {
	return Scenario{
		Name: name, RiskClass: class, SLO: SLO{Availability: .9999}, Stages: Stages{Disruption: 20 * time.Second, Recovery: 15 * time.Second},
		Faults: []FaultSpec{{Action: "container-kill"}},
	}
}

// injection is a trial at 300/s that is judged from 10 s to 45 s, with one
// outage at the given offset of it.
func injection(trial int, from, length time.Duration) Measurement {
	m := Measurement{
		Trial: trial, Judged: Window{10 * time.Second, 45 * time.Second}, Scheduled: 10500,
		OutageDowntime: Downtime{Total: length, Resolution: 4 * time.Millisecond},
		Recovery:       RecoveryTime{Applies: true},
	}
	if length > 0 {
		m.Bad = int(length.Seconds() * 300)
		m.FailedFraction = float64(m.Bad) / 10500
		start := 10*time.Second + from
		m.Outages = []Outage{{Window: Window{start, start + length}, Bad: m.Bad}}
	}
	return m
}

func yearVerdict(scenario string, trials ...Measurement) Verdict {
	return Verdict{Scenario: scenario, Outcome: Pass, Trials: trials}
}

func clean(n int) []Measurement {
	var all []Measurement
	for i := range n {
		all = append(all, injection(i+1, 0, 0))
	}
	return all
}

func yearRisks(ettf map[string]float64) RiskCatalogue {
	var c RiskCatalogue
	for _, class := range []string{"crash", "hang", "loss"} {
		if days, ok := ettf[class]; ok {
			c.Risks = append(c.Risks, RiskClass{Class: class, ETTF: time.Duration(days * float64(aDay)), Source: "assumption: a"})
		}
	}
	return c
}

func TestYearArithmetic(t *testing.T) {
	// The vector of the risk model: 35 min for 20 % of users every 90 days is
	// 28.41 min a year, which is over the 25 % line at 99.99 %.
	m := injection(1, 0, 0)
	m.Judged = Window{0, time.Hour}
	m.Scheduled, m.Bad = 36000, 4200
	m.FailedFraction = float64(m.Bad) / float64(m.Scheduled) // 35 min * 20 % of an hour
	s := yearScenario("a", "crash")
	y := JudgeYear([]Verdict{yearVerdict("a", m)}, []Scenario{s}, yearRisks(map[string]float64{"crash": 90}))
	if len(y.Rows) != 1 {
		t.Fatalf("%d rows, want 1", len(y.Rows))
	}
	minutes := func(d time.Duration) float64 { return math.Round(d.Minutes()*1000) / 1000 }
	row := y.Rows[0]
	for _, v := range []struct {
		what      string
		got, want float64
	}{
		{"budget", minutes(y.Budget), 52.596},
		{"limit of one risk", minutes(y.Limit), 13.149},
		{"cost", minutes(row.Cost.Mean), 7},
		{"expected", minutes(row.Expected), 28.408},
		{"share", math.Round(row.Share*1000) / 1000, .54},
	} {
		if v.got != v.want {
			t.Errorf("%s is %v, want %v", v.what, v.got, v.want)
		}
	}
	if !row.TooLarge || y.Finding.Outcome != Fail || y.Finding.Code != LimitExceeded || !y.Finding.Advisory {
		t.Errorf("finding %+v, want an advisory fail of a risk that is too large", y.Finding)
	}
}

func TestNoMeasuredDowntimeIsNotFree(t *testing.T) {
	risks := yearRisks(map[string]float64{"crash": 30})
	s := yearScenario("a", "crash")
	var last time.Duration = slo.Never
	for _, n := range []int{1, 5, 33} {
		y := JudgeYear([]Verdict{yearVerdict("a", clean(n)...)}, []Scenario{s}, risks)
		c := y.Rows[0].Cost
		if c.Median != 0 || c.Mean != 0 || y.Expected != 0 {
			t.Errorf("%d trials: cost %+v, want 0 measured", n, c)
		}
		if c.Worst != 4*time.Millisecond {
			t.Errorf("%d trials: the worst is %s, want what the measurement cannot see", n, c.Worst)
		}
		// 1-.05^(1/n) of the 35 s of the window, but for the 4 ms.
		want := float64(35*time.Second) * (1 - math.Pow(.05, 1/float64(n)))
		if math.Abs(float64(c.Upper)-want) > float64(5*time.Millisecond) {
			t.Errorf("%d trials: bound %s, want about %s", n, c.Upper, time.Duration(want))
		}
		if y.AtMost <= 0 || y.AtMost >= last {
			t.Errorf("%d trials: at most %s a year, want more than nothing and less than %s", n, y.AtMost, last)
		}
		last = y.AtMost
	}
}

func TestYearOutcomes(t *testing.T) {
	crash, hang := yearScenario("a", "crash"), yearScenario("b", "hang")
	noop := yearScenario("noop", "")
	monthly := map[string]float64{"crash": 30}
	for _, tt := range []struct {
		name      string
		verdicts  []Verdict
		scenarios []Scenario
		ettf      map[string]float64
		outcome   Outcome
		code      Code
		reason    string
		needs     string
	}{
		{"nothing was run", nil, nil, monthly, Inconclusive, NoEvidence, "nothing can be said", "a scenario"},
		{"no scenario stands for a risk", []Verdict{yearVerdict("noop", clean(5)...)}, []Scenario{noop}, monthly, Inconclusive, NoEvidence, "nothing can be said", "a scenario"},
		{"all risks are measured and fit", []Verdict{yearVerdict("a", clean(5)...)}, []Scenario{crash}, monthly, Pass, "", "one risk", ""},
		{"a risk that nobody measured keeps it open", []Verdict{yearVerdict("a", clean(33)...)}, []Scenario{crash}, map[string]float64{"crash": 30, "loss": 900},
			Inconclusive, RiskUncovered, "Not measured: 1 of the catalogue's 2 risks", "scenarios for loss"},
		{"a class that the catalogue lacks keeps it open", []Verdict{yearVerdict("a", clean(33)...), yearVerdict("b", clean(33)...)}, []Scenario{crash, hang}, monthly,
			Inconclusive, RiskUncovered, "Not in the catalogue: hang", "how often there is hang"},
		{"one clean injection of a daily risk bounds too little", []Verdict{yearVerdict("a", clean(1)...)}, []Scenario{crash}, map[string]float64{"crash": 1},
			Inconclusive, TooFewTrials, "at most", "48 injections of crash, none costlier"},
		{"a fault that only ended with its removal has no bound", []Verdict{yearVerdict("a", injection(1, 19*time.Second, time.Second))}, []Scenario{crash}, map[string]float64{"crash": 900},
			Inconclusive, TooFewTrials, "In 1 injection of crash requests were still failing", "a disruption of crash that lasts"},
		{"so has one that did not end", []Verdict{yearVerdict("a", injection(1, 34*time.Second, time.Second))}, []Scenario{crash}, map[string]float64{"crash": 900},
			Inconclusive, TooFewTrials, "without a known bound", "a disruption of crash that lasts"},
		{"bounds that fit one by one and not together want more injections", []Verdict{yearVerdict("a", clean(1)...), yearVerdict("b", clean(1)...), yearVerdict("c", clean(1)...)},
			[]Scenario{crash, hang, yearScenario("c", "loss")}, map[string]float64{"crash": 20, "hang": 20, "loss": 20}, Pass, "", "three risks", ""},
		{"what costs too much on average fails", []Verdict{yearVerdict("a", injection(1, 0, 10*time.Second), injection(2, 0, 12*time.Second))}, []Scenario{crash}, map[string]float64{"crash": 1},
			Fail, LimitExceeded, "Over the 13 min 9 s that one risk may take: crash", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			y := JudgeYear(tt.verdicts, tt.scenarios, yearRisks(tt.ettf))
			f := y.Finding
			if f.Outcome != tt.outcome || f.Code != tt.code || !f.Advisory || f.Check != "year" {
				t.Errorf("%s %s (advisory %t), want %s %s: %s", f.Outcome, f.Code, f.Advisory, tt.outcome, tt.code, f.Reason)
			}
			if !strings.Contains(f.Reason, tt.reason) {
				t.Errorf("reason %q, want it to say %q", f.Reason, tt.reason)
			}
			if !strings.Contains(f.Needs, tt.needs) || tt.needs == "" && f.Needs != "" {
				t.Errorf("needs %q, want %q", f.Needs, tt.needs)
			}
		})
	}
}

func TestYearLeavesOutWhatIsNoEvidence(t *testing.T) {
	s := yearScenario("a", "crash")
	risks := yearRisks(map[string]float64{"crash": 30})
	invalid := yearVerdict("a", injection(1, 0, 10*time.Second), injection(2, 0, 0))
	invalid.Findings = []Finding{{Check: "trial", Trial: 1, Outcome: Invalid}}
	without := injection(1, 0, 0)
	without.Recovery.Applies = false
	silent := injection(1, 0, 0)
	silent.Scheduled = 0
	all := yearVerdict("a", clean(2)...)
	all.Findings = []Finding{{Check: "trial", Outcome: Invalid}}
	for _, tt := range []struct {
		name string
		v    Verdict
		rows int
	}{
		{"an invalid trial, while the sound one counts", invalid, 1},
		{"a fault without effect", yearVerdict("a", without), 0},
		{"a trial without requests", yearVerdict("a", silent), 0},
		{"a run that is invalid as a whole", all, 0},
		{"a verdict on another scenario", yearVerdict("b", clean(3)...), 0},
		{"a verdict without trials", yearVerdict("a"), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			y := JudgeYear([]Verdict{tt.v}, []Scenario{s}, risks)
			if len(y.Rows) != tt.rows {
				t.Fatalf("%d rows, want %d", len(y.Rows), tt.rows)
			}
			if tt.rows == 1 && (y.Rows[0].Injections != 1 || y.Expected != 0) {
				t.Errorf("row %+v, want only the sound trial", y.Rows[0])
			}
			if tt.rows == 0 && (y.Finding.Outcome == Pass || len(y.Uncovered) != 1) {
				t.Errorf("finding %+v with %v uncovered, want no pass", y.Finding, y.Uncovered)
			}
		})
	}
}

func TestOneClassOfSeveralScenariosIsCountedOnce(t *testing.T) {
	a, b := yearScenario("a", "crash"), yearScenario("b", "crash")
	b.SLO.Availability = .999
	va, vb := yearVerdict("a", clean(9)...), yearVerdict("b", injection(1, 0, time.Second), injection(2, 0, 3*time.Second), injection(3, 0, 2*time.Second))
	risks := yearRisks(map[string]float64{"crash": 365.25})
	y := JudgeYear([]Verdict{va, vb}, []Scenario{a, b}, risks)
	if len(y.Rows) != 1 {
		t.Fatalf("%d rows, want 1", len(y.Rows))
	}
	row := y.Rows[0]
	if row.Cost.Mean != 2*time.Second || row.Cost.Median != 2*time.Second || row.Expected != 2*time.Second || row.Injections != 3 {
		t.Errorf("row %+v, want the costs of the worse scenario", row)
	}
	if diff := cmp.Diff([]string{"a", "b"}, row.Scenarios); diff != "" {
		t.Errorf("scenarios (-want +got):\n%s", diff)
	}
	if y.Objective != .9999 {
		t.Errorf("objective %v, want the strictest", y.Objective)
	}
}

func TestTheLargestRiskComesFirst(t *testing.T) {
	a, b := yearScenario("a", "crash"), yearScenario("b", "hang")
	risks := yearRisks(map[string]float64{"crash": 900, "hang": 10})
	y := JudgeYear([]Verdict{yearVerdict("a", clean(5)...), yearVerdict("b", clean(5)...)}, []Scenario{a, b}, risks)
	if len(y.Rows) != 2 || y.Rows[0].Class != "hang" || !strings.Contains(y.Finding.Reason, "hang takes most") {
		t.Errorf("rows %v, want hang first: %s", y.Rows, y.Finding.Reason)
	}
	if sum := y.Rows[0].AtMost + y.Rows[1].AtMost; sum != y.AtMost {
		t.Errorf("the rows come to %s, the sum is %s", sum, y.AtMost)
	}
}

func TestAStrayFailureIsNoOngoingOutage(t *testing.T) {
	m := injection(1, 19500*time.Millisecond, 10*time.Millisecond)
	m.Bad, m.Outages[0].Bad = 3, 3
	if c := costOf(yearScenario("a", "crash"), []Measurement{m}); c.Unended != 0 || c.Upper == slo.Never {
		t.Errorf("cost %+v of 3 failures in 300, want a bound", c)
	}
}

func TestAFaultThatEndsEarlyIsTakenAwayThen(t *testing.T) {
	s := yearScenario("a", "crash")
	s.Faults = []FaultSpec{{At: time.Second, Duration: 4 * time.Second}, {At: 0, Duration: 2 * time.Second}}
	for _, tt := range []struct {
		name    string
		from    time.Duration
		unended int
	}{
		{"failing until then", 4 * time.Second, 1},
		{"failing and well again before", time.Second, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if c := costOf(s, []Measurement{injection(1, tt.from, time.Second)}); c.Unended != tt.unended {
				t.Errorf("unended %d, want %d", c.Unended, tt.unended)
			}
		})
	}
}

func TestYearKeepsItsArgumentsAndRoundTrips(t *testing.T) {
	s := yearScenario("a", "crash")
	v := yearVerdict("a", injection(1, 19*time.Second, time.Second))
	risks := yearRisks(map[string]float64{"crash": 30, "loss": 900})
	before, err := json.Marshal([]any{v, s, risks})
	if err != nil {
		t.Fatal(err)
	}
	y := JudgeYear([]Verdict{v}, []Scenario{s}, risks)
	after, err := json.Marshal([]any{v, s, risks})
	if err != nil || string(before) != string(after) {
		t.Errorf("the arguments changed (%v)", err)
	}
	src, err := json.Marshal(y)
	if err != nil {
		t.Fatal(err)
	}
	var back YearBudget
	if err := json.Unmarshal(src, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(y, back); diff != "" {
		t.Errorf("JSON does not round-trip (-want +got):\n%s", diff)
	}
}
