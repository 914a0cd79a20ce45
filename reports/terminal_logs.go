package reports

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/fournines/fournines/reports/logs"
)

// Logs writes log lines for people, one each, in the order in which they come:
// the time in the trial in seconds, level, replica and what was said. Trials have
// a headline. Control characters of what was said are made harmless.
func Logs(w io.Writer, records []logs.Record) error {
	out := bufio.NewWriter(w)
	widest := 0
	for _, r := range records {
		widest = max(widest, utf8.RuneCountInString(line(r.Replica)))
	}
	before := ""
	for _, r := range records {
		if title := fmt.Sprintf("%s, trial %d", line(r.Scenario), r.Trial); title != before {
			if before != "" {
				fmt.Fprintln(out)
			}
			fmt.Fprintln(out, title)
			before = title
		}
		fmt.Fprintf(out, "%10.3fs  %-5s  %s  %s\n", r.At.Seconds(), r.Level(), pad(line(r.Replica), widest), line(r.Message()))
	}
	if err := out.Flush(); err != nil { // it keeps the first error
		return fmt.Errorf("write logs: %w", err)
	}
	return nil
}
