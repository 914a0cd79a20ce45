package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// forPeople are all commands that a person may type, the root first.
func forPeople(root *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{root}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			all = append(all, c)
		}
	}
	return all
}

func TestEveryHelpIsMadeTheSameWay(t *testing.T) {
	for _, c := range forPeople(newRoot(&app{})) {
		t.Run(c.Name(), func(t *testing.T) {
			if c.Short == "" || strings.HasSuffix(c.Short, ".") || !isCapital(c.Short) {
				t.Errorf("the short help is %q, want a capital first and no full stop", c.Short)
			}
			if c.Long != "" && !isCapital(c.Long) && c != c.Root() {
				t.Errorf("the help begins with %q, want a capital", c.Long)
			}
			for line := range strings.Lines(c.Long) {
				if n := len([]rune(line)); n > 90 {
					t.Errorf("a line of the help has %d characters, want at most 90: %q", n, line)
				}
			}
			if c.Example == "" {
				t.Error("there is no example")
			}
			for line := range strings.Lines(c.Example) {
				goesOn := strings.HasPrefix(line, strings.Repeat(" ", 20)) // a remark over two lines
				if !goesOn && (!strings.HasPrefix(line, "  ") || !strings.Contains(line, "fournines")) {
					t.Errorf("example %q, want two spaces and a command line", line)
				}
			}
			if f := c.Flags().Lookup("json"); f != nil && !strings.HasSuffix(f.Usage, "as JSON") {
				t.Errorf("--json is %q", f.Usage)
			}
		})
	}
}

func isCapital(s string) bool { return s[0] >= 'A' && s[0] <= 'Z' }

// Every flag of every command is near enough to a slip in its name.
func TestEveryUnknownFlagSuggestsTheNearest(t *testing.T) {
	for _, c := range forPeople(newRoot(&app{})) {
		if c == c.Root() {
			continue
		}
		var out, errs strings.Builder
		code := run(t.Context(), []string{c.Name(), "--hlep"}, strings.NewReader(""), &out, &errs)
		if want := "unknown flag \"--hlep\"; did you mean \"--help\"?"; code != exitUsage || !strings.Contains(errs.String(), want) {
			t.Errorf("%s --hlep: exit code %d, %q; want %d and %s", c.Name(), code, errs.String(), exitUsage, want)
		}
	}
}
