package reports

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/fournines/fournines/harness"
)

// replay is the command that runs the scenario again with the same choices:
// the one that the run recorded, or else what the evidence shows of it. Without
// evidence the seed is not known and left out.
func (s scenario) replay() string {
	header := s.header()
	switch {
	case header == nil:
		return "fournines run " + shellWord(s.Scenario)
	case len(header.Command) > 0:
		words := make([]string, len(header.Command))
		for i, word := range header.Command {
			words[i] = shellWord(word)
		}
		return strings.Join(words, " ")
	case s.endpoint() != "":
		return observeAgain(header.Plan.Scenario)
	}
	return s.runAgain(*header)
}

// runAgain is the command line as far as evidence without one shows it.
func (s scenario) runAgain(h harness.Header) string {
	name := s.Scenario
	if source := h.Plan.Scenario.Source; source != "" && source != "scenarios/"+name+".yaml" {
		name = source
	}
	command := "fournines run " + shellWord(name)
	if h.Stack.Kind != "" {
		command += " --stack " + shellWord(h.Stack.Kind)
	}
	if n := len(s.trials); n > 1 {
		command += " --trials " + strconv.Itoa(n)
	}
	judged := h.Plan.Scenario.Stages.Disruption
	if len(h.Plan.Scenario.Faults) == 0 && len(h.Plan.Injections) == 0 {
		judged = h.Plan.Scenario.Stages.Baseline
	}
	if judged > 0 {
		command += " --for " + judged.String()
	}
	return command + " --seed " + strconv.FormatUint(h.Plan.Seed, 10)
}

// observeAgain is the command that observes the same endpoint for as long.
func observeAgain(s harness.Scenario) string {
	l := s.Load
	command := fmt.Sprintf("fournines observe --url %s --for %s --rate %s --timeout %s",
		shellWord(l.URL), s.Stages.Baseline, strconv.FormatFloat(l.Rate, 'f', -1, 64), l.Timeout)
	if l.Expect != 0 {
		command += " --expect " + strconv.Itoa(l.Expect)
	}
	if s.Source != "" {
		command += " --slo " + shellWord(s.Source)
	}
	if u, err := url.Parse(l.URL); err == nil && !onThisMachine(u.Hostname()) {
		command += " --allow-host " + shellWord(u.Hostname())
	}
	return command
}

// onThisMachine reports whether a host needs no permission.
func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// replayNote says what running it again gives.
func (s scenario) replayNote() string {
	if s.endpoint() != "" {
		return "The same requests; what the endpoint does meanwhile is up to it, and to whoever breaks it."
	}
	return "The same seed makes the same choices: targets, times, parameters."
}

// shellWord quotes a word for a POSIX shell when it needs to be: a name is
// foreign text, and the command is made to be copied.
func shellWord(s string) string {
	s = line(s)
	safe := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
