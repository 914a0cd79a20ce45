package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/stack/docker"
)

func newStatus(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "Show the stacks on this engine, their replicas and addresses",
		Example: "  fournines status\n  fournines status --json",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := engineAnswers(cmd.Context()); err != nil {
				return environment(err)
			}
			return a.status(cmd.Context(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

// stackStatus is one entry of `fournines status --json`.
type stackStatus struct {
	RunID    string            `json:"runId"`
	State    string            `json:"state"`
	Started  time.Time         `json:"started"`
	Replicas map[string]string `json:"replicas"`
	URLs     map[string]string `json:"urls"`
}

func (a *app) status(ctx context.Context, asJSON bool) error {
	found, err := docker.List(ctx)
	if err != nil {
		return environment(err)
	}
	if asJSON {
		all := make([]stackStatus, 0, len(found))
		for _, f := range found {
			s := stackStatus{RunID: f.RunID, State: stateOf(f), Started: f.Started, Replicas: make(map[string]string), URLs: f.URLs}
			for _, r := range f.Replicas {
				s.Replicas[r.Name] = r.Status
			}
			all = append(all, s)
		}
		return a.result(all)
	}
	if len(found) == 0 {
		a.printf("no stack is up; `fournines up` starts one, `fournines run` one for the time of a run\n")
		return nil
	}
	for i, f := range found {
		if i > 0 {
			a.printf("\n")
		}
		a.printStack(f)
	}
	return nil
}

// stateOf says whether anybody still wants the stack.
func stateOf(f docker.Found) string {
	switch {
	case f.Alive:
		return "in use"
	case f.Kept:
		return "kept"
	}
	return "left behind"
}

func (a *app) printStack(f docker.Found) {
	a.printf("run %s: %s", f.RunID, stateOf(f))
	if !f.Started.IsZero() {
		a.printf(", started %s", f.Started.Local().Format(time.DateTime))
	}
	if stateOf(f) == "left behind" {
		a.printf(" (`%s` removes it)", cleanUp)
	}
	a.printf("\n")
	var healthy, other []string
	for _, r := range f.Replicas {
		if r.Status == "running" {
			healthy = append(healthy, r.Name)
		} else {
			other = append(other, fmt.Sprintf("%s is %s", r.Name, r.Status))
		}
	}
	for _, line := range wrapText(fmt.Sprintf("%d running: %s", len(healthy), strings.Join(healthy, ", ")), 76) {
		a.printf("  %s\n", line)
	}
	for _, line := range other {
		a.printf("  %s\n", line)
	}
	a.printURLs(f.URLs)
}

// naturally compares names so that catalog-2 comes before catalog-10.
func naturally(x, y string) int {
	xName, xNumber := splitNumber(x)
	yName, yNumber := splitNumber(y)
	return cmp.Or(strings.Compare(xName, yName), xNumber-yNumber)
}

func splitNumber(name string) (string, int) {
	i := strings.LastIndex(name, "-")
	if i < 0 {
		return name, 0
	}
	n, err := strconv.Atoi(name[i+1:])
	if err != nil {
		return name, 0
	}
	return name[:i], n
}
