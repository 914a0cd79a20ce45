package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
)

const configLong = `Shows the newest document of a program of a kept stack, lists its versions, or
publishes another one. Programs check a document before they use it, and keep the
last good one when they refuse it: what each makes of it is shown.`

// configFlags are the flags of `fournines config`.
type configFlags struct {
	versions bool
	// set is a file to publish, "-" for stdin; back a version to publish again.
	set, back string
}

func newConfig(a *app) *cobra.Command {
	var f configFlags
	cmd := &cobra.Command{
		Use:     "config RUN PROGRAM",
		Short:   "Show or change what a program of a kept stack is configured with",
		Long:    configLong,
		Example: "  fournines config 20261123-130635-2d19af gateway > gateway.json\n  fournines config 20261123-130635-2d19af gateway --set gateway.json\n  fournines config 20261123-130635-2d19af gateway --versions",
		Args:    arguments(2, 2, "the run that `fournines status` shows, or a program such as gateway"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := engineAnswers(cmd.Context()); err != nil {
				return environment(err)
			}
			st, err := docker.AttachKept(cmd.Context(), args[0], docker.AttachOptions{NoAgents: true})
			if err != nil {
				return environment(err)
			}
			defer func() { _ = st.Down(context.WithoutCancel(cmd.Context())) }() // leaves the stack as it is
			return a.config(cmd.Context(), st, args[1], f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.versions, "versions", false, "list all versions, the oldest first")
	flags.StringVar(&f.set, "set", "", "publish this file; - is stdin")
	flags.StringVar(&f.back, "back", "", "publish this earlier version again")
	cmd.MarkFlagsMutuallyExclusive("versions", "set", "back")
	return cmd
}

func (a *app) config(ctx context.Context, st *docker.Stack, program string, f configFlags) error {
	all, err := st.Configurations(ctx, program)
	if err != nil {
		return environment(err)
	}
	var text []byte
	switch {
	case f.versions:
		for _, d := range all {
			a.printf("%s\t%d bytes\n", d.Version, len(d.Text))
		}
		return nil
	case f.back != "":
		i := slices.IndexFunc(all, func(d stack.Document) bool { return d.Version == f.back })
		if i < 0 {
			return usage(fmt.Errorf("--back %q: no such version of %q; --versions lists them", f.back, program))
		}
		text = all[i].Text
	case f.set == "-":
		text, err = io.ReadAll(a.in)
	case f.set != "":
		text, err = os.ReadFile(f.set)
	default:
		a.printf("%s", all[len(all)-1].Text)
		return nil
	}
	if err != nil {
		return usage(fmt.Errorf("read the document: %w", err))
	}
	version, err := st.Configure(ctx, program, text)
	if err != nil {
		return environment(err)
	}
	return a.awaitConfig(ctx, st, program, version)
}

// configPatience is how long replicas may take to say what they think of a
// document.
const configPatience = 10 * time.Second

// awaitConfig prints what every replica makes of a version; one that refuses it
// is an error.
func (a *app) awaitConfig(ctx context.Context, st *docker.Stack, program, version string) error {
	ctx, cancel := context.WithTimeout(ctx, configPatience)
	defer cancel()
	refused := 0
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			if c.Name != program {
				continue
			}
			s, err := configSeen(ctx, st, r.Name(), version)
			switch {
			case err != nil:
				return environment(err)
			case s.Refused == version:
				refused++
				a.printf("%s refuses version %s and stays with %s:\n%s\n", r.Name(), version, s.Version, s.Reason)
			default:
				a.printf("%s uses version %s\n", r.Name(), s.Version)
			}
		}
	}
	if refused > 0 {
		return usage(fmt.Errorf("version %s of %q was refused by %d %s", version, program, refused, plural(refused, "replica")))
	}
	return nil
}

// configSeen waits until a replica has got a version.
func configSeen(ctx context.Context, st *docker.Stack, replica, version string) (s stack.ConfigState, err error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if s, err = st.ConfigState(ctx, replica); err == nil && (s.Version == version || s.Refused == version) {
			return s, nil
		}
		select {
		case <-ctx.Done():
			return s, fmt.Errorf("want %q to get version %s within %v, saw that it uses %q: %w", replica, version, configPatience, s.Version, errors.Join(err, ctx.Err()))
		case <-tick.C:
		}
	}
}
