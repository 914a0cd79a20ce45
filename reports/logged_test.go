package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/reports/logs"
)

// logFile writes records, and then text, into a file.
func logFile(t *testing.T, text string, records ...logs.Record) string {
	t.Helper()
	var b bytes.Buffer
	for _, r := range records {
		if err := json.NewEncoder(&b).Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), LogsFile)
	if err := os.WriteFile(path, append(b.Bytes(), text...), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// logLine is a record of trial 1 of the samples.
func logLine(at time.Duration, replica, level, text string) logs.Record {
	raw, _ := json.Marshal(map[string]string{"level": level, "msg": text}) // of strings
	component, _, _ := strings.Cut(replica, "-")
	return logs.Record{Scenario: "catalog-replica-kill", Trial: 1, At: at, Replica: replica, Component: component, JSON: raw}
}

// chatter is a file in which every replica says as much as it may around every
// second of every trial.
func chatter(t *testing.T, s sample) string {
	var all []logs.Record
	for _, e := range s.evidence {
		for at := time.Second; at < 40*time.Second; at += ms(500) {
			for _, replica := range []string{"catalog-2", "gateway-1", "prometheus"} {
				r := logLine(at, replica, "WARN", strings.Repeat(hostile+" ", 10))
				r.Trial = e.Plan.Trial
				all = append(all, r)
			}
		}
	}
	return logFile(t, "", all...)
}

// shownLogs are the cells of the table of log lines, a row each.
func shownLogs(page string) (rows []string) {
	_, table, _ := strings.Cut(page, `<table class="logged">`)
	table, _, _ = strings.Cut(table, "</table>")
	tags := regexp.MustCompile(`<[^>]*>`)
	for _, row := range strings.Split(table, "<tr>")[2:] {
		rows = append(rows, strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(row, " "))), " "))
	}
	return rows
}

// pageWith is the page of the sample "pass" with the logs in a file.
func pageWith(t *testing.T, path string) string {
	t.Helper()
	s := samples()["pass"]
	r := newRun(sampleRun, s.verdicts, s.evidence)
	r.readLogs(path)
	return string(render(t, r.html))
}

func TestLogsAroundTheRecovery(t *testing.T) {
	s := samples()["pass"]
	zero := s.verdicts[0].Trials[0].Recovery.Effective.Hi
	at := func(after int) time.Duration { return zero + ms(after) }
	var all []logs.Record
	for i := range 6 {
		all = append(all, logLine(at(10*i), "catalog-1", "INFO", fmt.Sprint("idle ", i)))
	}
	other := logLine(at(0), "catalog-2", "ERROR", "of another trial")
	other.Trial = 2
	all = append(all,
		logLine(at(-900), "catalog-2", "WARN", "<b>last words</b>"),
		logLine(at(50), "catalog-2", "INFO", "registered"),
		logLine(at(-1100), "catalog-2", "ERROR", "too early"),
		logLine(at(0), "orders-1", "ERROR", "not named"), other)
	page := pageWith(t, logFile(t, "", all...))
	rows := shownLogs(page)
	var first []string
	for i, row := range rows {
		if i > 0 && strings.HasPrefix(row, "t") {
			break
		}
		first = append(first, row)
	}
	want := []string{
		"-0.90 s warn catalog-2 <b>last words</b>", // a warning, before what is nearer
		"+0.05 s info catalog-2 registered",        // the replica itself, before its likes
		"+0.00 s info catalog-1 idle 0", "+0.01 s info catalog-1 idle 1", "+0.02 s info catalog-1 idle 2",
	}
	if len(first) == 0 || !strings.HasPrefix(first[0], "t0, fault in effect") {
		t.Fatalf("rows %q, want those of t0 first", rows)
	}
	if diff := cmp.Diff(want, first[1:]); diff != "" {
		t.Errorf("lines around t0 (-want +got):\n%s", diff)
	}
	if !strings.Contains(page, "&lt;b&gt;last words") {
		t.Error("the page does not escape what was logged")
	}
	for _, bad := range []string{"too early", "not named", "of another trial"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page shows %q", bad)
		}
	}
}

func TestLogsOfARun(t *testing.T) {
	none := pageWith(t, filepath.Join(t.TempDir(), LogsFile))
	if strings.Contains(none, "What was logged") {
		t.Error("a run without logs says something of them")
	}
	s := samples()["pass"]
	if diff := cmp.Diff(string(render(t, newRun(sampleRun, s.verdicts, s.evidence).html)), none); diff != "" {
		t.Errorf("a run without logs has another page:\n%s", diff)
	}
	for rule, c := range map[string]struct{ path, want string }{
		"silence is said":                    {logFile(t, ""), "nothing was logged by whom they name"},
		"a line that breaks off is said":     {logFile(t, `{"scenario":"x`), "1 line of logs.jsonl could not be read"},
		"logs that cannot be read are said":  {t.TempDir(), "read logs: "},
		"a line that is not a line is said":  {logFile(t, "\x00\n\n[]\n"), "2 lines of logs.jsonl could not be read"},
		"who is named by the fault is found": {logFile(t, "", logLine(samples()["pass"].verdicts[0].Trials[0].Recovery.Effective.Hi, "catalog-2", "INFO", "hello")), "<code>hello</code>"},
	} {
		if page := strings.ReplaceAll(pageWith(t, c.path), "\u00a0", " "); !strings.Contains(page, c.want) {
			t.Errorf("%s: the page lacks %q", rule, c.want)
		}
	}
}

func TestMomentsWithTheSameLinesAreOne(t *testing.T) {
	page := pageWith(t, logFile(t, "", logLine(samples()["pass"].verdicts[0].Trials[0].Recovery.Effective.Hi+ms(300), "catalog-2", "WARN", "once")))
	if got := strings.Count(page, "<code>once</code>"); got != 1 {
		t.Errorf("the line is shown %d times, want once for all moments that it lies around:\n%q", got, shownLogs(page))
	}
}

func TestHostileLogs(t *testing.T) {
	zero := samples()["pass"].verdicts[0].Trials[0].Recovery.Effective.Hi
	text := logLine(zero, "catalog-2", hostile, hostile)
	raw := text
	raw.JSON, raw.Text = nil, hostile
	page := pageWith(t, logFile(t, hostile, text, raw))
	if got := len(shownLogs(page)); got < 3 {
		t.Fatalf("the page shows %d rows, want the hostile lines", got)
	}
	for _, bad := range []string{"<img", "<script", "onerror=alert(1)>", "\x1b", "\x00", "\u202e"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}
