package reports

import (
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// pageLimit is the most that a report of one run may weigh, in bytes: it is
// opened on phones and kept by CI systems.
const pageLimit = 2 << 20

// TestSize holds long runs to the limit, in the worst case that evidence can
// bring: requests fail in every other tick, and everything is said often.
func TestSize(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes reports of hours")
	}
	flapping := func(at time.Duration) (int, time.Duration) {
		if at/harness.TickWidth%2 == 0 {
			return 1, ms(900)
		}
		return 0, 0
	}
	long := func(trial int, length time.Duration) (harness.Evidence, harness.Measurement) {
		e, m := killEvidence(trial), killMeasurement(trial)
		e.Seconds = sampleSeconds(length, uint64(trial), flapping)
		e.Outages = nil
		for at := time.Duration(0); at < length; at += 2 * harness.TickWidth {
			e.Outages = append(e.Outages, harness.Outage{Window: harness.Window{From: at, To: at + ms(10)}, Bad: 1, Example: hostile})
		}
		for at := time.Duration(0); at < length; at += ms(500) {
			e.Signals = append(e.Signals, signal(at, "gateway-1", "catalog-2", harness.Ejected, ms(100), hostile))
		}
		e.End.At, e.Stages[3].To = length, length
		m.Outages, m.Episodes, m.Judged.To = e.Outages, e.Outages, length
		return e, m
	}
	for name, tt := range map[string]struct {
		trials int
		length time.Duration
	}{
		"30 minutes in one trial":    {1, 30 * time.Minute},
		"the 33 trials of a release": {33, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			v := verdict(harness.Fail, "it failed all the time.")
			var s sample
			for n := 1; n <= tt.trials; n++ {
				e, m := long(n, tt.length)
				s.evidence = append(s.evidence, e)
				v.Trials, v.Findings = append(v.Trials, m), append(v.Findings, killFindings(n)...)
			}
			s.verdicts = []harness.Verdict{v}
			r := newRun(sampleRun, s.verdicts, s.evidence)
			r.readLogs(chatter(t, s))
			for format, limit := range map[string]int{"html": pageLimit, "markdown": markdownLimit, "junit": pageLimit} {
				write := map[string]func() []byte{
					"html": func() []byte { return render(t, r.html) }, "markdown": func() []byte { return render(t, r.markdown) },
					"junit": func() []byte { return render(t, r.junit) },
				}[format]
				got := len(write())
				t.Logf("%s: %d bytes", format, got)
				if got >= limit {
					t.Errorf("%s has %d bytes, want less than %d", format, got, limit)
				}
			}
		})
	}
}
