package harness

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
	"time"
)

// brief is the usual trial in ten seconds: 2 s steady, 1 s baseline, the fault
// from 3 s on, its removal at 7 s, the end at 10 s.
func brief(limits Limits) (Scenario, change) {
	s := killing(limits)
	s.Stages = Stages{Steady: seconds(2), Baseline: seconds(1), Disruption: seconds(4), Recovery: seconds(3)}
	sooner := func(d *time.Duration) {
		if *d -= seconds(7); *d >= seconds(23) {
			*d -= seconds(16)
		}
	}
	return s, func(ev *Evidence) {
		ev.Plan.Injections[0].Duration = seconds(4)
		in := &ev.Injections[0]
		for _, d := range []*time.Duration{&in.InjectAt, &in.InjectedAt, &in.EffectiveAt, &in.RecoverAt, &in.RemovedAt} {
			sooner(d)
		}
		kept := ev.Signals[:0]
		for _, signal := range ev.Signals {
			if sooner(&signal.At); signal.Kind != AlertFiring { // that comes later than the end
				kept = append(kept, signal)
			}
		}
		ev.Signals = kept
	}
}

// invalidating are what makes the brief trial Invalid, by the code that says
// so.
func invalidating() map[Code]change {
	problem := func(code Code, detail string) change {
		return func(ev *Evidence) {
			ev.Problems = append(ev.Problems, Problem{Code: code, At: seconds(4), Detail: detail})
		}
	}
	// unbroken is a trial that ended before anything was broken.
	unbroken := func(code Code, detail string) change {
		return func(ev *Evidence) {
			problem(code, detail)(ev)
			ev.Injections, ev.Signals = nil, nil
			ev.End = End{Reason: Aborted, At: ev.End.At}
		}
	}
	return map[Code]change{
		SteadyStateNotMet: unbroken(SteadyStateNotMet, "GET edge: want 200, saw 503"),
		FaultNotEffective: func(ev *Evidence) { ev.Injections[0].Effective = false },
		FaultNotRemoved:   func(ev *Evidence) { ev.Injections[0].Removed = false },
		LoadShortfall:     fewer(4, 200),
		GeneratorSaturated: func(ev *Evidence) {
			for i := range ev.Seconds {
				ev.Seconds[i].Lag = histogramOf(60 * time.Millisecond)
			}
		},
		TelemetryGap: problem(TelemetryGap, "observer prometheus: no answer in the first 10s"),
		ClockJump:    problem(ClockJump, "the wall clock jumped by 3s"),
		EnvMismatch: func(ev *Evidence) {
			ev.Environment = map[string]string{"cores": "2"}
			ev.Terms.Baseline = &BaselineSummary{Ref: "main", Trials: 1, Exposure: seconds(7), Environments: []map[string]string{{"cores": "64"}}}
		},
		ZeroEvents:       func(ev *Evidence) { ev.Seconds = nil },
		InterruptedRun:   func(ev *Evidence) { ev.End = End{Reason: Interrupted, At: seconds(9)} },
		HarnessError:     problem(HarnessError, "load: it ended after 6s, before the trial did"),
		UnsupportedFault: unbroken(UnsupportedFault, "no such kernel module"),
		BlastRadius:      unbroken(BlastRadius, "catalog-1 is down already: 2 of 3 would be"),
		SafetyLever: func(ev *Evidence) {
			problem(SafetyLever, "the file stop exists")(ev)
			ev.End = End{Reason: Aborted, At: seconds(9), Code: SafetyLever}
		},
	}
}

// declaredCodes are the constants of the block of code.go whose comment says
// that its codes make a run Invalid.
func declaredCodes(t *testing.T) []Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		block, ok := d.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST || block.Doc.Text() != "Reasons for Invalid: the experiment is not evidence.\n" {
			continue
		}
		var codes []Code
		for _, spec := range block.Specs {
			text, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, Code(text))
		}
		return codes
	}
	t.Fatal("code.go has no block of the codes that make a run Invalid")
	return nil
}

func TestEveryCodeThatMeansNoEvidenceMakesARunInvalid(t *testing.T) {
	s, sooner := brief(allLimits())
	if v := Judge(s, reread(t, []Evidence{trialOf(s, sooner)}), nil); v.Outcome != Pass {
		t.Fatalf("without any of them: %v, want pass: %s", v.Outcome, v.Sentence)
	}
	rows := invalidating()
	for _, code := range declaredCodes(t) {
		t.Run(string(code), func(t *testing.T) {
			if rows[code] == nil {
				t.Fatal("no row says how this comes about: add one to invalidating")
			}
			for _, terms := range []Terms{{}, {Tier: "pr"}} {
				v := neverPass(t, s, []Evidence{trialOf(s, sooner, func(ev *Evidence) { ev.Terms = terms }, invalidating()[code])}, nil)
				if !slices.Contains(invalidCodes(v), code) || v.Outcome != Invalid {
					t.Errorf("tier %q: got %v with %v, want invalid with it: %s", terms.Tier, v.Outcome, invalidCodes(v), v.Sentence)
				}
				for _, f := range v.Findings {
					if f.Outcome == Invalid && (f.Needs == "" || f.Needs == "another trial") {
						t.Errorf("%s does not say what to do: %q", f.Code, f.Needs)
					}
				}
			}
			// What the engine reports is believed, whatever the rest looks like.
			v := neverPass(t, s, []Evidence{trialOf(s, sooner, func(ev *Evidence) { ev.Problems = []Problem{{Code: code, Detail: "seen"}} })}, nil)
			if !slices.Contains(invalidCodes(v), code) {
				t.Errorf("as a problem: got %v, want it among them", invalidCodes(v))
			}
		})
		delete(rows, code)
	}
	for code := range rows {
		t.Errorf("%s is in the table and no code of code.go", code)
	}
}
