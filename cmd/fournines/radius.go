package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/probe"
)

// leverVariable names one more safety lever.
const leverVariable = "FOURNINES_LEVER"

// radiusFlags bound what a run may break and say who may stop it.
type radiusFlags struct {
	allowFaults bool
	allowHosts  []string
	deny        []string
	yesBreak    string
	maxTargets  int
	maxShare    string
	levers      []string
}

func (f *radiusFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.allowFaults, "allow-faults", false, "let faults hit the containers of an attached stack that carry the opt-in label")
	flags.StringArrayVar(&f.allowHosts, "allow-host", nil, "a host besides this machine that load.url and --lever may name")
	flags.StringArrayVar(&f.deny, "deny", nil, "a word or pattern in names and labels of an attached stack that must not be broken, besides "+strings.Join(denied(), ", "))
	flags.StringVar(&f.yesBreak, "yes-break", "", "break an attached stack whose name or labels are denied: its name, typed out")
	flags.IntVar(&f.maxTargets, "max-targets", 0, "the most replicas of one component that may be hit at once")
	flags.StringVar(&f.maxShare, "max-share", "", "the largest share of one component that may be hit at once, such as 34% (default 50% of an attached stack)")
	flags.StringArrayVar(&f.levers, "lever", nil, "a file that exists, or a URL that says stop, ends the faults and the run (also "+leverVariable+")")
}

// check looks at the flags alone; changed reports whether one was given.
func (f radiusFlags) check(changed func(string) bool) error {
	var problems []error
	for _, host := range f.allowHosts {
		problems = append(problems, checkAllowedHost(host))
	}
	for _, pattern := range f.deny {
		problems = append(problems, checkDeny(pattern))
	}
	if changed("max-targets") && f.maxTargets < 1 {
		problems = append(problems, fmt.Errorf("--max-targets %d: want 1 or more", f.maxTargets))
	}
	if _, err := parseShare(f.maxShare); changed("max-share") && err != nil {
		problems = append(problems, err)
	}
	if _, err := f.safetyLevers(); err != nil {
		problems = append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return usage(err)
	}
	return nil
}

// parseShare reads a percentage above 0.
func parseShare(text string) (float64, error) {
	digits, ok := strings.CutSuffix(text, "%")
	n, err := strconv.ParseFloat(digits, 64)
	if !ok || err != nil || !(n > 0 && n <= 100) || math.IsInf(n, 0) {
		return 0, fmt.Errorf("--max-share %q: want a percentage above 0%% and up to 100%%, such as 34%%", text)
	}
	return n / 100, nil
}

// caps are what the flags say; the default holds for an attached stack alone,
// and gives way to any of them.
func (f radiusFlags) caps(attached bool) harness.Caps {
	caps := harness.Caps{Targets: f.maxTargets, Strict: true}
	caps.Share, _ = parseShare(f.maxShare) // was checked; 0 when it is not given
	switch {
	case caps.Targets > 0 || caps.Share > 0:
		return caps
	case attached:
		return harness.DefaultCaps()
	}
	return harness.Caps{}
}

// radius is the part of the command line that says the same again, but for
// the typed confirmation: that is asked for anew.
func (f radiusFlags) radius() []string {
	var words []string
	if f.allowFaults {
		words = append(words, "--allow-faults")
	}
	for _, list := range [...]struct {
		flag   string
		values []string
	}{{"--allow-host", f.allowHosts}, {"--deny", f.deny}, {"--lever", f.levers}} {
		for _, v := range list.values {
			words = append(words, list.flag, v)
		}
	}
	if f.maxTargets > 0 {
		words = append(words, "--max-targets", strconv.Itoa(f.maxTargets))
	}
	if f.maxShare != "" {
		words = append(words, "--max-share", f.maxShare)
	}
	return words
}

// leverNames are the levers of the flags and the one of the environment.
func (f radiusFlags) leverNames() []string {
	names := f.levers
	if name := os.Getenv(leverVariable); name != "" {
		names = append(names[:len(names):len(names)], name)
	}
	return names
}

// safetyLevers are all levers that can stop the run.
func (f radiusFlags) safetyLevers() ([]harness.Probe, error) {
	var levers []harness.Probe
	for _, name := range f.leverNames() {
		lever, err := safetyLever(name, f.allowHosts)
		if err != nil {
			return nil, usage(err)
		}
		levers = append(levers, lever)
	}
	return levers, nil
}

// safetyLever is a URL where the name looks like one, and else a file.
func safetyLever(name string, allowHosts []string) (harness.Probe, error) {
	if strings.Contains(name, "://") {
		lever, err := probe.URLLever(name, probe.AllowHosts(allowHosts...))
		if err != nil {
			return nil, fmt.Errorf("--lever %q: %w (--allow-host names other hosts)", name, err)
		}
		return lever, nil
	}
	path, err := filepath.Abs(name)
	if name == "" || err != nil {
		return nil, fmt.Errorf("--lever %q: want the path of a file or a URL", name)
	}
	return probe.FileLever(path), nil
}

// leverPulled is why the trials that were left were not run.
type leverPulled struct{ why string }

func (l leverPulled) Error() string { return l.why }
