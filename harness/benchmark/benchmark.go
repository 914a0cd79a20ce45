// Package benchmark makes the rows of docs/benchmarks.md: whatever measures
// prints a line of Markdown that can be put there as it is. The tables and
// their columns are listed here, and a test holds the document to them.
package benchmark

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Table is one table of docs/benchmarks.md. Its first column is the machine.
type Table struct {
	// Title tells the tables apart; it is shown above a printed row.
	Title   string
	Columns []string
}

// The tables, in the order of the document.
var (
	Start      = table("Start of the reference platform", "start", "runs", "to ready", "removed in")
	Platform   = table("What the platform needs and bears", "mix", "runs", "highest rate", "p99 there", "memory before", "memory after")
	Kill       = table("catalog-replica-kill", "trials", "kill → gone", "kill → first effect", "kill → proof", "failed / scheduled", "downtime (slices)", "downtime (outages)")
	ShapeDelay = table("Delay asked for and measured", "asked", "jitter", "rounds", "p50", "p99", "mean", "standard deviation", "load average")
	ShapeLoss  = table("Loss asked for and measured", "asked", "rounds", "packets", "lost", "load average")
	ShapePath  = table("An agent in the path", "agent", "rounds", "TCP bulk", "64-byte packets", "of them passed untouched", "of a core per 1000 packets/s", "load average")
	ShapeLife  = table("The life of a delay", "fault", "injections", "Prepare, p50 / p99", "Inject → proof, p50 / p99", "Recover → proof of removal, p50 / p99", "load average")
	Harness    = table("The harness itself", "rate", "trials", "share of one core", "send lag p99")
	Load       = table("The load generator alone", "rate", "requests", "processor time per request", "mean lag", "not ok")
	Schedule   = table("Schedule fidelity", "generator", "rate", "runs", "arrived / scheduled", "sent within 1 ms", "arrived within 1 ms", "p50", "p99", "max", "processor time per request")
	Highest    = table("The highest rate that holds", "generator", "runs", "highest rate", "of the rates")
	Memory     = table("Memory under continuous resets", "what", "for", "requests", "resets", "heap at minute 5", "heap at the end", "growth of heap", "resident at minute 5", "resident at the end")
	Errors     = table("Calibration: errors", "rate", "1/rate", "outages", "found", "invented", "downtime", "begin", "end", "failed × 1/rate", "slices")
	Noise      = table("Calibration: noise floor", "rate", "for", "requests", "failed", "invented", "lag p50", "lag p99", "lag max", "within 1 ms", "cores")
	Crash      = table("Runs killed at random moments", "kills", "kinds", "seed", "under a fault", "residual faults", "to healed", "longest")
	Verdict    = table("The verdict on steady state", "burst", "φ", "p/ε", "at most", "pass", "fail", "undecided", "mean requests to a decision")
	Scenarios  = table("Scenarios of the whole platform", "scenario", "rate", "trials", "verdict", "failed / scheduled", "downtime", "detection", "diagnosis", "repair", "data", "users served again", "acknowledged writes", "lost", "recovery point")
	Mutants    = table("Mutants", "without", "scenario", "rate", "verdict", "what failed")
	Identical  = table("Identical runs compared", "pairs", "trials each", "told apart", "comparisons passed", "inconclusive", "failed", "pairs invalid")
	Recovery   = table("Calibration: recovery", "rate", "mode", "t0 effective", "t1 impact", "t2 detected", "t3 diagnosed", "t4 repaired", "t5 restored")
)

// Faults: all of them, and those that agents hold.
var (
	Faults    = table("Every fault of the catalogue", "fault", "injections", "Inject → proof, median / p99", "Recover → proof, median / p99")
	Network   = table("Network faults by agents", "fault", "injections", "Inject → proof, median / p99", "Recover → proof, median / p99")
	Bandwidth = table("Bandwidth held", "asked", "measurements", "payload, as a client outside sees it")
)

// Tables returns all tables in the order of the document.
func Tables() []Table {
	return []Table{Start, Platform, Kill, Scenarios, Mutants, Crash, ShapeDelay, ShapeLoss, ShapePath, ShapeLife, Harness, Load, Schedule, Highest, Memory, Errors, Noise, Recovery, Verdict, Identical, Faults, Network, Bandwidth}
}

func table(title string, columns ...string) Table {
	return Table{title, append([]string{"machine"}, columns...)}
}

// Header returns the table's first line.
func (t Table) Header() string { return line(t.Columns) }

// Row returns a line of the table about this machine. cells are those of the
// columns after the machine's; it panics when their number is another one.
func (t Table) Row(cells ...string) string {
	if len(cells) != len(t.Columns)-1 {
		panic(fmt.Sprintf("row of %q has %d cells after the machine's; want %d", t.Title, len(cells), len(t.Columns)-1))
	}
	return line(append([]string{Machine()}, cells...))
}

// Print writes rows below a line that says where they belong. It begins on a
// line of its own, because go test leaves one unfinished.
func (t Table) Print(w io.Writer, rows ...string) error {
	_, err := fmt.Fprintf(w, "\nRows for docs/benchmarks.md, %q:\n%s\n", t.Title, strings.Join(rows, "\n"))
	if err != nil {
		return fmt.Errorf("print rows of %q: %w", t.Title, err)
	}
	return nil
}

// line joins cells; a bar within one would end it.
func line(cells []string) string {
	safe := slices.Clone(cells)
	for i := range safe {
		safe[i] = strings.ReplaceAll(safe[i], "|", `\|`)
	}
	return "| " + strings.Join(safe, " | ") + " |"
}
