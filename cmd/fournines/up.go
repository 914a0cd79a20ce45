package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
)

func newUp(a *app) *cobra.Command {
	var asJSON bool
	var platform platformFlags
	cmd := &cobra.Command{
		Use:     "up",
		Short:   "Start the reference platform and keep it, for exploring",
		Long:    "Starts the reference platform in containers and leaves it running until `fournines down`.",
		Example: "  fournines up\n  fournines up --json",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := platform.check(stackDocker); err != nil {
				return err
			}
			return a.up(cmd.Context(), platform.chosen(nil), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	platform.add(cmd.Flags(), " (default all)")
	return cmd
}

// up starts a stack that stays. A signal meanwhile removes what was started.
func (a *app) up(ctx context.Context, choices stack.Choices, asJSON bool) error {
	if err := engineAnswers(ctx); err != nil {
		return unhealedAnywhere(err)
	}
	show := newDisplay(a.place, a.err)
	defer show.close()
	ctx, in, stop := watchSignals(ctx, show.say, a.exit)
	defer stop()
	if err := sweep(ctx, show); err != nil {
		return environment(err)
	}
	if err := healLeft(ctx, show); err != nil {
		return fmt.Errorf("nothing was started: %w", err)
	}
	began := time.Now()
	st, err := docker.Up(ctx, docker.Options{RunID: newRunID(began), Keep: true, Choices: choices, Progress: show.step})
	if s := in.signal(); err == nil && s != nil {
		err = st.Down(ctx)
	}
	if s := in.signal(); s != nil {
		return &failure{signalCode(s), err}
	}
	if err != nil {
		return environment(err)
	}
	show.say("the platform is ready after %s", short(time.Since(began)))
	show.close()
	urls := urlsOf(st)
	if asJSON {
		return a.result(upResult{st.RunID(), urls, string(st.Authority())})
	}
	a.printUp(st.RunID(), urls, st.Authority() != nil)
	return nil
}

// upResult is the form of `fournines up --json`.
type upResult struct {
	RunID string            `json:"runId"`
	URLs  map[string]string `json:"urls"`
	// Authority is the certificate, as PEM, that clients of the edge trust.
	Authority string `json:"authority,omitempty"`
}

// urlsOf are all endpoints of st by name.
func urlsOf(st stack.Stack) map[string]string {
	names := []string{stack.Edge, stack.EdgeStats, stack.EdgeAdmin, stack.Prometheus, stack.Alertmanager, stack.Registry}
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			names = append(names, r.Name())
		}
	}
	urls := make(map[string]string)
	for _, name := range names {
		if url, ok := st.URL(name); ok {
			urls[name] = url
		}
	}
	return urls
}

func (a *app) printUp(runID string, urls map[string]string, secure bool) {
	ask := "curl "
	if secure { // the authority's certificate is a label of the container
		ask += fmt.Sprintf(`--cacert <(docker inspect -f '{{index .Config.Labels "io.fournines.authority"}}' fournines-%s-edge) `, runID)
	}
	admin := stack.EdgeStats
	if urls[admin] == "" {
		admin = stack.EdgeAdmin
	}
	a.printf("The reference platform is up (run %s).\n\n", runID)
	a.printURLs(urls)
	a.printf("\nTry next:\n")
	for _, try := range []string{
		ask + urls[stack.Edge] + "/api/catalog/items/1",
		"open " + urls[admin] + page[admin] + " and " + urls[stack.Prometheus] + "/alerts in a browser",
		"fournines status      what is running",
		"fournines down        remove it",
	} {
		a.printf("  %s\n", try)
	}
}

// page is what a person opens at an endpoint whose root shows nothing.
var page = map[string]string{stack.EdgeStats: "/stats", stack.EdgeAdmin: "/-/edge"}

// printURLs prints endpoints, those for people first.
func (a *app) printURLs(urls map[string]string) {
	first := []string{stack.Edge, stack.EdgeStats, stack.EdgeAdmin, stack.Prometheus, stack.Alertmanager, stack.Registry}
	names := slices.SortedFunc(maps.Keys(urls), func(x, y string) int {
		px, py := slices.Index(first, x), slices.Index(first, y)
		switch {
		case px >= 0 && py >= 0:
			return px - py
		case px >= 0:
			return -1
		case py >= 0:
			return 1
		}
		return naturally(x, y)
	})
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, name := range names {
		fmt.Fprintf(w, "  %s\t%s\n", name, urls[name]+page[name])
	}
	if err := w.Flush(); err != nil {
		a.explain(errors.Join(errors.New("write the addresses"), err))
	}
}
