package main

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

const completionLong = `Prints a script that lets a shell complete commands and flags.`

const completionExamples = `  source <(fournines completion bash)
  fournines completion zsh > "${fpath[1]}/_fournines"
  fournines completion fish > ~/.config/fish/completions/fournines.fish
  fournines completion powershell | Out-String | Invoke-Expression`

func newCompletion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "completion SHELL",
		Short:   "Print a script for completion in bash, zsh, fish or powershell",
		Long:    completionLong,
		Example: completionExamples,
		Args:    arguments(1, 1, "the name of a shell"),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			shells := map[string]func(io.Writer) error{
				"bash":       func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
				"zsh":        root.GenZshCompletion,
				"fish":       func(w io.Writer) error { return root.GenFishCompletion(w, true) },
				"powershell": root.GenPowerShellCompletionWithDesc,
			}
			write, ok := shells[args[0]]
			if !ok {
				names := slices.Sorted(maps.Keys(shells))
				return unknown("shell", args[0], names, "want "+strings.Join(names, ", "))
			}
			if err := write(a.out); err != nil {
				return environment(err)
			}
			return nil
		},
	}
}
