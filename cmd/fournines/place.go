package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// place is where the command runs: a person's terminal or a log.
type place struct {
	// live is true when progress goes to a terminal that can be redrawn.
	live bool
	// colour says for the result and for the progress whether they may be
	// coloured.
	colourOut, colourErr bool
	// ci is true on a continuous-integration runner, whatever its streams are.
	ci bool
}

// ciMarks are the variables by which the usual runners make themselves known.
var ciMarks = [...]string{"CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "BUILDKITE", "TF_BUILD", "TEAMCITY_VERSION"}

// findPlace looks at the two output streams and at the environment, read
// through getenv.
func findPlace(stdout, stderr io.Writer, getenv func(string) string) place {
	var p place
	for _, name := range ciMarks {
		if v := getenv(name); v != "" && v != "0" && v != "false" {
			p.ci = true
		}
	}
	capable := !p.ci && getenv("TERM") != "dumb"
	colour := capable && getenv("NO_COLOR") == ""
	p.live = capable && isTerminal(stderr)
	p.colourErr = colour && isTerminal(stderr)
	p.colourOut = colour && isTerminal(stdout)
	return p
}

// isTerminal reports whether a stream is one.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is the number of columns of w, 80 when that cannot be known.
func width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return 80
}
