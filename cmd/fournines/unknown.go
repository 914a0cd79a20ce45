package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/fournines/fournines/harness/suggest"
)

// unknown is the error for a name that does not exist: it says so, suggests
// the nearest one and otherwise says where the names are listed.
func unknown(what, typed string, names []string, where string) error {
	if near, ok := suggest.Nearest(typed, names); ok {
		return usage(fmt.Errorf("unknown %s %q; did you mean %q?", what, typed, near))
	}
	return usage(fmt.Errorf("unknown %s %q: %s", what, typed, where))
}

// commandNames are the commands that a person may type.
func commandNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

// flagError makes a usage error of what the flag library says, with the
// nearest flag for one that does not exist.
func flagError(cmd *cobra.Command, err error) error {
	missing, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok || missing.GetSpecifiedShortnames() != "" {
		return usage(fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath()))
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	typed := "--" + strings.TrimLeft(missing.GetSpecifiedName(), "-")
	return unknown("flag", typed, names, fmt.Sprintf("`%s --help` lists the flags", cmd.CommandPath()))
}

// arguments is a cobra.PositionalArgs that allows least to most arguments
// (most < 0: any number) and calls them what when the number is wrong.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usage(fmt.Errorf("%s is missing: want `%s`", what, cmd.UseLine()))
		case most == 0 && len(args) > 0:
			return usage(fmt.Errorf("unexpected argument %q: `%s` takes none", args[0], cmd.CommandPath()))
		case most > 0 && len(args) > most:
			return usage(fmt.Errorf("unexpected argument %q: want `%s`", args[most], cmd.UseLine()))
		}
		return nil
	}
}
