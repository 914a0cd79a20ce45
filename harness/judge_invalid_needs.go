package harness

import "fmt"

// invalidNeeds says what has to change for the next trial to be evidence.
func invalidNeeds(code Code, t judged) string {
	load := t.ev.Plan.Scenario.Load.Rate
	switch code {
	case SteadyStateNotMet:
		return "another trial once the stack is steady by itself: nothing was broken, so it is the stack that failed its own checks"
	case FaultNotEffective:
		return "another trial with a fault that takes hold: longer, or of a kind that this machine can do"
	case FaultNotRemoved:
		return "the fault gone first, then another trial"
	case LoadShortfall, GeneratorSaturated:
		if text := t.m.Generator.Robbed(); text != "" {
			return "another trial while the host of this machine is less busy: " + text
		}
		return fmt.Sprintf("another trial with less than %s requests/s, or on a machine with more free cores", trimmed(load, 2))
	case TelemetryGap:
		return "another trial in which every observer answers and no second is lost"
	case ClockJump:
		return "another trial while nothing sets the clock and the machine stays awake"
	case ZeroEvents:
		return "another trial whose load reaches the judged stages"
	case InterruptedRun:
		return "another trial that comes to its end, " + trialTime(t.ev.Plan.Scenario, 1) + " of load"
	case UnsupportedFault:
		return "a machine or a stack that can do the fault"
	case BlastRadius:
		return "another trial with all replicas up, or a larger allowed blast radius"
	case SafetyLever:
		return "the safety lever put back, then another trial"
	}
	return "another trial after the error above is dealt with"
}
