package reports

import (
	"fmt"
	"slices"

	"github.com/fournines/fournines/harness"
)

// advice says what to do about the first cause, which may have brought about
// the others, and about a fault that may still be there.
func (s scenario) advice() []string {
	var advice []string
	for i, f := range s.causes() {
		if i > 0 && f.Code != harness.FaultNotRemoved {
			continue
		}
		text := s.adviceOn(f)
		if text != "" && !slices.Contains(advice, text) {
			advice = append(advice, text)
		}
	}
	return advice
}

// adviceOn is what to do about one cause; what the judge needs where there is
// nothing better to say.
func (s scenario) adviceOn(f harness.Finding) string {
	switch f.Code {
	case harness.HarnessError:
		return "Read the message above; `fournines doctor` checks this machine. If it comes again, please report it with this run's folder."
	case harness.InterruptedRun:
		return "Let the run come to its end" + s.runTime() + "."
	case harness.ClockJump:
		return "Keep the machine awake and let its clock settle, then run it again."
	case harness.EnvMismatch:
		return "Compare runs of the same machine, engine and stack only."
	case harness.GeneratorSaturated, harness.LoadShortfall:
		if text := s.robbed(f); text != "" {
			return raised(text) + ": nothing on this machine can help. Run it again, at a quieter time or on another host."
		}
		return "Stop what else keeps this machine busy, lower " + s.rate() + ", use a machine with more free cores" +
			s.cores() + ", or, on Linux, give fournines real-time priority (`chrt -r 1`, as root); then run it again." +
			" `fournines calibrate --quick` shows which rates this machine can hold."
	case harness.SteadyStateNotMet:
		return "No fault was injected. Find out why the stack fails by itself: the problems and signals of the trial are in the report, and `fournines run steady-state` tests it without a fault. Then run it again."
	case harness.BlastRadius:
		return "Bring the replicas back that were down, or raise the caps (--max-targets, --max-share), or say mode all where the scenario is about losing all of them. Then run it again."
	case harness.SafetyLever:
		return "Find out who pulled the safety lever and why, or why it could not be read; then put it back and run it again."
	case harness.FaultNotEffective:
		return "`fournines explain " + shellWord(s.action()) + "` says how the fault works and what proves it; `fournines doctor` says what this machine lacks. Then run it again."
	case harness.UnsupportedFault:
		return "Nothing was broken and nothing is said about the stack. `fournines doctor --faults` says which faults this machine can do and what the others lack; run it where it is possible."
	case harness.FaultNotRemoved:
		return "Make sure that the fault is gone: `fournines down` removes what a run left" + s.undo() + ". Then run it again."
	case harness.TelemetryGap:
		return "Run it again on a machine that stays awake and has a free core: seconds of the record are missing."
	case harness.ZeroEvents:
		return "Look at what else is said above: no request was sent in the time that is judged."
	}
	return raised(sentence(f.Needs))
}

// runTime is " (about 47 s of load)", when that is known.
func (s scenario) runTime() string {
	if h := s.header(); h != nil {
		if total := h.Plan.Scenario.Stages.Total(); total > 0 {
			return " (about " + length(total) + " of load for a trial)"
		}
	}
	return ""
}

// rate names what sets the rate, and the rate when it is known: "--rate (300/s
// here)".
func (s scenario) rate() string {
	name := "--rate"
	if h := s.header(); h != nil && h.Plan.Scenario.Load.Rate > 0 {
		name += fmt.Sprintf(" (%g/s here)", h.Plan.Scenario.Load.Rate)
	}
	return name
}

// cores is " (this one has 2)", when that is known.
func (s scenario) cores() string {
	if h := s.header(); h != nil && h.Environment["cores"] != "" {
		return " (this one has " + line(h.Environment["cores"]) + ")"
	}
	return ""
}

// action is the first planned fault.
func (s scenario) action() string {
	if h := s.header(); h != nil && len(h.Plan.Injections) > 0 {
		return h.Plan.Injections[0].Action
	}
	return ""
}

// undo is the command that a person would type against the first fault that
// was not seen removed.
func (s scenario) undo() string {
	for _, t := range s.trials {
		if t.evidence == nil {
			continue
		}
		for _, i := range t.evidence.Injections {
			if !i.Removed && i.Undo.Command != "" {
				return "; by hand: `" + line(i.Undo.Command) + "`"
			}
		}
	}
	return ""
}
