package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
)

const rootLong = `fournines breaks a service stack on purpose, under load, and proves with evidence,
not with a percentage, whether it still keeps a 99.99 % promise.

` + exitHelp

const rootExamples = `  fournines run                        break the reference platform once, see what it costs
  fournines list                       what can be tested
  fournines explain catalog-replica-kill
  fournines doctor                     what this machine can do, and what it lacks`

// usageTemplate is the order of a command's help: how it is called, what
// belongs to it, and examples last, where the eye rests.
const usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} [command]{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}
`

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "fournines",
		Short:         "Break a service stack on purpose and prove whether it keeps its 99.99 % promise",
		Long:          rootLong,
		Example:       rootExamples,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknown("command", args[0], commandNames(cmd), "`fournines --help` lists the commands")
		},
	}
	root.Version = toolInfo().Version
	root.SetVersionTemplate("fournines {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetUsageTemplate(usageTemplate)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(newHelp())
	root.AddCommand(commands(a)...)
	return root
}

// run is the whole command: it parses args, does the work and returns the
// exit code. It never panics: a panic is an error of its own, with the stack
// on stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	a := &app{out: stdout, err: stderr, in: stdin, place: findPlace(stdout, stderr, os.Getenv), exit: os.Exit}
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "fournines: internal error: %v\n%s", p, debug.Stack())
			code = exitInvalid
		}
	}()
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil {
		a.explain(err)
	}
	return exitCode(err)
}
