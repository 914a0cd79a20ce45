package main

import "github.com/spf13/cobra"

// newHelp is `fournines help COMMAND`: the same as `fournines COMMAND --help`,
// and an error for a command that does not exist.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show the help of a command",
		Example: "  fournines help run",
		Hidden:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			if len(args) == 0 {
				return root.Help()
			}
			found, rest, err := root.Find(args)
			if err != nil || found == root || len(rest) > 0 {
				return unknown("command", args[len(args)-max(1, len(rest))], commandNames(root), "`fournines --help` lists the commands")
			}
			return found.Help()
		},
	}
}
