package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/harness/spec"
)

const observeLong = `Measures an HTTP endpoint and breaks nothing: somebody else does, or nobody.
Failed requests, outages, downtime by both definitions and availability are
recorded, judged and reported as by ` + "`fournines run`" + `.

Every request is a GET of the URL. An answer is good when its status is the
expected one and its whole body came in time. Redirects are not followed, no
proxy is used. Beside the load two probers send up to 20 requests/s each, one
over kept connections and one that opens a connection for every request.

Only this machine is observed unless the host is allowed with --allow-host.

With --prometheus, --haproxy and --webhook the alerts and health checks of your
own monitoring become signals beside the measured outages. They decide nothing.
For --webhook point a webhook_configs entry of Alertmanager at that address.

Ctrl-C ends the observation early with a report of what was seen, and with the
exit code of the verdict on it. A second Ctrl-C leaves at once.

` + exitHelp

const observeExamples = `  fournines observe --url http://127.0.0.1:8080/healthz
  fournines observe --url http://127.0.0.1:8080/ --for 10m --rate 200
  fournines observe --url http://127.0.0.1:8080/gone --expect 404 --timeout 500ms
  fournines observe --url http://127.0.0.1:8080/ --slo shop.yaml
  fournines observe --url http://127.0.0.1:8080/ --webhook 127.0.0.1:9094
  fournines observe --url https://shop.example/ --allow-host shop.example --rate 5`

// observeFlags are the flags of `fournines observe`.
type observeFlags struct {
	url        string
	judged     time.Duration
	rate       float64
	timeout    time.Duration
	allowHosts []string
	expect     int
	slo        string
	json       bool
	out        string
	outsideFlags
}

func newObserve(a *app) *cobra.Command {
	var f observeFlags
	cmd := &cobra.Command{
		Use:     "observe --url URL",
		Short:   "Measure any HTTP endpoint while somebody else breaks things",
		Long:    observeLong,
		Example: observeExamples,
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(cmd.Flags().Changed); err != nil {
				return usage(err)
			}
			return a.observe(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.url, "url", "", "the endpoint, such as http://127.0.0.1:8080/healthz")
	flags.DurationVar(&f.judged, "for", time.Minute, "how long to observe, from 1s")
	flags.Float64Var(&f.rate, "rate", 50, "requests per second; 1/rate is how exactly an outage is seen")
	flags.DurationVar(&f.timeout, "timeout", 2*time.Second, "how long one request may take")
	flags.StringArrayVar(&f.allowHosts, "allow-host", nil, "host besides this machine that requests may go to (repeatable)")
	flags.IntVar(&f.expect, "expect", 0, "status of a good answer (default any of 200 to 299)")
	flags.StringVar(&f.slo, "slo", "", "file of OpenSLO v1 documents with the objective (default 99.99% of requests)")
	f.outsideFlags.add(flags)
	flags.BoolVar(&f.json, "json", false, "print the result as JSON")
	flags.StringVar(&f.out, "out", filepath.Join("reports", "runs"), "folder for the run's files")
	return cmd
}

// observe is the command: everything is checked and the run directory is made
// before the first request is sent.
func (a *app) observe(ctx context.Context, f observeFlags) error {
	s, err := f.scenario()
	if err != nil {
		return usage(err)
	}
	plan, err := harness.Resolve(s, 0, 1, nil)
	if err != nil {
		return usage(err)
	}
	live, err := rig.Endpoint(plan, f.allowHosts...)
	if err != nil {
		return usage(err)
	}
	if err := f.look(ctx, f.allowHosts); err != nil {
		return err
	}
	done, err := f.sources(f.allowHosts).Join(ctx, &live)
	if err != nil {
		return environment(fmt.Errorf("nothing was started: %w", err))
	}
	defer done()
	dir, err := createDir(f.out, []harness.Plan{plan})
	if err != nil {
		return err
	}
	show := newDisplay(a.place, a.err)
	defer show.close()
	o := &observation{again: f.again(), display: show, dir: dir, plan: plan, rig: live, enough: make(chan struct{})}
	defer onSignals(o.patience(a.exit))()
	show.say("run %s: observing %s at %g requests/s for %s (Ctrl-C ends it with a report)", dir.RunID(), s.Load.URL, f.rate, f.judged)
	runErr := o.run(ctx)
	show.close()
	return a.presentObservation(f, o, runErr)
}

// scenario is what the flags ask for, with the objective of the file that they
// name.
func (f observeFlags) scenario() (harness.Scenario, error) {
	objective := harness.SLO{Availability: 0.9999}
	if f.slo != "" {
		var err error
		if objective, err = spec.ParseSLOFile(f.slo); err != nil {
			return harness.Scenario{}, err
		}
	}
	return harness.Scenario{
		Name:       "observe",
		Hypothesis: observedHypothesis(f.url),
		Load:       harness.LoadSpec{Rate: f.rate, URL: f.url, Expect: f.expect, Timeout: f.timeout},
		// No warm-up: whatever the endpoint does from the first request on is
		// what is to be measured.
		Stages: harness.Stages{Baseline: f.judged},
		SLO:    objective,
		Source: f.slo,
	}, nil
}

// observedHypothesis fits the URL into the length that a hypothesis may have.
func observedHypothesis(url string) string {
	const most = 200 // bytes
	if len(url) > most {
		url = strings.ToValidUTF8(url[:most], "") + "…"
	}
	return fmt.Sprintf("GET %s keeps its objective", url)
}

// check looks at every flag and returns all problems; changed reports whether
// a flag was given.
func (f observeFlags) check(changed func(string) bool) error {
	problems := []error{checkURL(f.url, f.allowHosts), f.outsideFlags.check(f.allowHosts)}
	for _, host := range f.allowHosts {
		problems = append(problems, checkAllowedHost(host))
	}
	problem := func(wrong bool, format string, args ...any) {
		if wrong {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	problem(f.judged < time.Second || f.judged > harness.MaxStage, "--for %s: want 1s to %s", f.judged, harness.MaxStage)
	problem(!(f.rate > 0) || f.rate > harness.MaxRate, "--rate %g: want more than 0 and at most %d requests per second", f.rate, harness.MaxRate)
	problem(f.timeout <= 0 || f.timeout > harness.MaxTimeout, "--timeout %s: want more than 0s and at most %s", f.timeout, harness.MaxTimeout)
	problem(changed("expect") && (f.expect < 200 || f.expect > 599), "--expect %d: want a status from 200 to 599", f.expect)
	return errors.Join(problems...)
}
