package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness/suggest"
	"github.com/fournines/fournines/reports"
	"github.com/fournines/fournines/reports/logs"
)

const logsLong = `Prints what the components of a run's stack logged, by trial and time. Times count
from the start of the trial, as in its report; a request's ID finds its lines in
all components. The platform logs requests that failed, and not every one that was
answered.`

const logsExamples = `  fournines logs reports/runs/20261123-081502-9f3ab2 --level warn
  fournines logs reports/runs/20261123-081502-9f3ab2 --since 12s --until 15s --component gateway
  fournines logs reports/runs/20261123-081502-9f3ab2 --request 7QJ2RZ3Y   one request, in all components
  fournines logs reports/runs/20261123-081502-9f3ab2 --json | jq .json`

// logsFlags are the flags of `fournines logs`.
type logsFlags struct {
	logs.Filter
	since, until time.Duration
	level        string
	json         bool
}

func newLogs(a *app) *cobra.Command {
	var f logsFlags
	cmd := &cobra.Command{
		Use:     "logs DIR",
		Short:   "Print what the components of a run logged",
		Long:    logsLong,
		Example: logsExamples,
		Args:    arguments(1, 1, "the run's folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.complete(cmd.Flags().Changed); err != nil {
				return usage(err)
			}
			return a.logs(args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.Replica, "replica", "", "only of this replica, such as catalog-2")
	flags.StringVar(&f.Component, "component", "", "only of this component, such as gateway")
	flags.StringVar(&f.Scenario, "scenario", "", "only of this scenario's trials")
	flags.IntVar(&f.Trial, "trial", 0, "only of this trial of each scenario")
	flags.DurationVar(&f.since, "since", 0, "only from this time in the trial on, such as 12.5s")
	flags.DurationVar(&f.until, "until", 0, "only up to this time in the trial")
	flags.StringVar(&f.Request, "request", "", "only lines of the request with this ID")
	flags.StringVar(&f.level, "level", "", "only lines of this level and above: "+strings.Join(logs.Levels(), ", "))
	flags.BoolVar(&f.json, "json", false, "print the records as they were kept, one a line, as JSON")
	return cmd
}

// complete makes a filter of the flags; changed reports whether one was given.
func (f *logsFlags) complete(changed func(string) bool) error {
	var problems []error
	if changed("since") {
		f.Since = &f.since
	}
	if changed("until") {
		f.Until = &f.until
	}
	if f.Since != nil && f.Until != nil && f.since > f.until {
		problems = append(problems, fmt.Errorf("--since %s --until %s: want a time that does not end before it begins", f.since, f.until))
	}
	if changed("trial") && f.Trial < 1 {
		problems = append(problems, fmt.Errorf("--trial %d: want the number of a trial, from 1", f.Trial))
	}
	if changed("level") {
		var ok bool
		if f.Level, ok = logs.ParseLevel(f.level); !ok {
			problems = append(problems, fmt.Errorf("--level %q: want %s%s", f.level, strings.Join(logs.Levels(), ", "), suggest.DidYouMean(f.level, logs.Levels())))
		}
	}
	for flag, value := range map[string]string{"replica": f.Replica, "component": f.Component, "scenario": f.Scenario, "request": f.Request} {
		if changed(flag) && value == "" {
			problems = append(problems, fmt.Errorf("--%s: want a name, saw nothing", flag))
		}
	}
	return errors.Join(problems...)
}

func (a *app) logs(path string, f logsFlags) error {
	dir, err := reports.OpenDir(path)
	if err != nil {
		return usage(err)
	}
	found := logsFound{replicas: map[string]bool{}, components: map[string]bool{}, scenarios: map[string]bool{}}
	damaged, err := logs.ReadFile(dir.File(reports.LogsFile), func(r logs.Record) { found.take(r, f.Filter) })
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage(fmt.Errorf("%q has no %s: want the folder of a run on a stack that has logs, such as docker or inproc", path, reports.LogsFile))
	case err != nil:
		return environment(err)
	}
	if err := found.check(f.Filter, path); err != nil {
		return usage(err)
	}
	// By trial and time: lines arrive as each replica's are read.
	slices.SortStableFunc(found.records, func(a, b logs.Record) int { return compareTrials(found.order, a, b) })
	if damaged > 0 {
		fmt.Fprintf(a.err, "fournines: warning: %d %s of %s could not be read\n", damaged, plural(damaged, "line"), reports.LogsFile)
	}
	if f.Request != "" && found.dropped > 0 {
		fmt.Fprintf(a.err, "fournines: warning: %d lines were dropped during the run; some may have been of this request\n", found.dropped)
	}
	if f.json {
		return a.records(found.records)
	}
	if err := reports.Logs(a.out, found.records); err != nil {
		return environment(err)
	}
	return nil
}

// logsFound is what a file holds.
type logsFound struct {
	records                         []logs.Record
	replicas, components, scenarios map[string]bool
	// order is where the first line of each trial was.
	order []string
	// all counts the records, dropped the lines that they say are missing.
	all, dropped int
}

func (l *logsFound) take(r logs.Record, f logs.Filter) {
	l.all++
	l.dropped += r.Dropped
	l.replicas[r.Replica], l.components[r.Component], l.scenarios[r.Scenario] = true, true, true
	if key := trialKey(r); !slices.Contains(l.order, key) {
		l.order = append(l.order, key)
	}
	if f.Match(r) {
		l.records = append(l.records, r)
	}
}

// check says why nothing was found.
func (l *logsFound) check(f logs.Filter, path string) error {
	for _, c := range []struct {
		what, value string
		known       map[string]bool
	}{{"replica", f.Replica, l.replicas}, {"component", f.Component, l.components}, {"scenario", f.Scenario, l.scenarios}} {
		if names := slices.Sorted(maps.Keys(c.known)); c.value != "" && !c.known[c.value] {
			return fmt.Errorf("--%s %q: nothing was logged by or in it; there is %q%s", c.what, c.value, names, suggest.DidYouMean(c.value, names))
		}
	}
	switch {
	case len(l.records) > 0:
		return nil
	case l.all == 0:
		return fmt.Errorf("%q: nothing was logged in this run", path)
	case f.Request != "":
		return fmt.Errorf("--request %q: none of the %d lines names it; the platform logs requests that failed, and not every one that was answered", f.Request, l.all)
	}
	return fmt.Errorf("none of the %d lines is as the flags want it", l.all)
}

func trialKey(r logs.Record) string { return fmt.Sprintf("%s/%d", r.Scenario, r.Trial) }

func compareTrials(order []string, a, b logs.Record) int {
	if d := slices.Index(order, trialKey(a)) - slices.Index(order, trialKey(b)); d != 0 {
		return d
	}
	return cmp.Compare(a.At, b.At)
}

// records prints records as the file has them.
func (a *app) records(all []logs.Record) error {
	out := json.NewEncoder(a.out)
	for _, r := range all {
		if err := out.Encode(r); err != nil {
			return environment(fmt.Errorf("write the records: %w", err))
		}
	}
	return nil
}
