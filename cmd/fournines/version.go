package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
)

func newVersion(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print which fournines this is",
		Example: "  fournines version\n  fournines version --json",
		Args:    arguments(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			tool := toolInfo()
			if asJSON {
				return a.result(tool)
			}
			a.printf("fournines %s", tool.Version)
			if tool.Commit != "" {
				a.printf(" (%s)", tool.Commit)
			}
			a.printf(", %s %s/%s\n", tool.Go, runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

// toolInfo is the identity of this build, as the Go toolchain recorded it.
func toolInfo() harness.ToolInfo {
	tool := harness.ToolInfo{Version: "devel", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return tool
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		tool.Version = v
	}
	dirty := ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			tool.Commit = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "+changes"
			}
		}
	}
	if tool.Commit != "" {
		tool.Commit += dirty
	}
	return tool
}
