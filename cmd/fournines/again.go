package main

import (
	"slices"
	"strconv"

	"github.com/fournines/fournines/harness"
)

// again is the command line that runs one scenario of this run again on the
// same kind of stack, with the same choices and as many trials. Everything is
// spelled out, so that nothing depends on what a default is by then.
func (f runFlags) again(c chosen, stackKind string) []string {
	name := c.Name
	if slices.Contains(f.names, c.Source) && looksLikeFile(c.Source) {
		name = c.Source
	}
	words := []string{"fournines", "run", name, "--stack", stackKind}
	if c.trials > 1 {
		words = append(words, "--trials", strconv.Itoa(c.trials))
	}
	words = append(words, f.platformFlags.words()...)
	words = append(words, f.radius()...)
	words = append(words, f.outsideFlags.words()...)
	words = append(words, f.stopping()...)
	if f.judged > 0 {
		words = append(words, "--for", f.judged.String())
	}
	if f.rate > 0 {
		words = append(words, "--rate", strconv.FormatFloat(f.rate, 'f', -1, 64))
	}
	if f.baseline != "" {
		words = append(words, "--baseline", f.baseline)
	}
	if f.risks != "" {
		words = append(words, "--risks", f.risks)
	}
	return append(words, "--seed", strconv.FormatUint(f.seed, 10))
}

// again is the command line that observes the same endpoint once more, every
// choice spelled out.
func (f observeFlags) again() []string {
	words := []string{"fournines", "observe", "--url", f.url, "--for", f.judged.String(),
		"--rate", strconv.FormatFloat(f.rate, 'f', -1, 64), "--timeout", f.timeout.String()}
	if f.expect != 0 {
		words = append(words, "--expect", strconv.Itoa(f.expect))
	}
	if f.slo != "" {
		words = append(words, "--slo", f.slo)
	}
	for _, host := range f.allowHosts {
		words = append(words, "--allow-host", host)
	}
	return append(words, f.outsideFlags.words()...)
}

// commandOf is the command line that runs the scenario of a plan again; nil
// when this run does not know one.
func (r *runner) commandOf(plan harness.Plan) []string {
	i := slices.IndexFunc(r.chosen, func(c chosen) bool { return c.Name == plan.Scenario.Name })
	if i < 0 || r.again == nil {
		return nil
	}
	return r.again(r.chosen[i])
}
