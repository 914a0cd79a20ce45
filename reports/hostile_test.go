package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
)

// hostile is text as a broken or malicious system under test may send it.
const hostile = "<img src=x onerror=alert(1)>\"'`|*[a](javascript:b) ]]> <script>x</script> </style> \x1b[31mred\x1b[0m\x1b]0;t\x07 \x00\x08 \xff\xfe {{.}} ::error::x @team\u202e"

// hostileSample has hostile text wherever text comes from outside.
func hostileSample() sample {
	s := invalidSample()
	v, e := &s.verdicts[0], &s.evidence[0]
	v.Scenario, v.Hypothesis, v.Sentence = hostile, hostile, hostile
	v.Stack = harness.StackInfo{Kind: hostile, Banner: hostile, Versions: map[string]string{hostile: hostile}}
	f := &v.Findings[0]
	f.Check, f.Subject, f.Code, f.Stage = hostile, hostile, hostile, hostile
	f.Measured, f.Resolution, f.Limit, f.Reason, f.Needs = hostile, hostile, hostile, hostile, hostile
	f.Evidence = []string{hostile}
	advisory := *f
	advisory.Advisory = true
	v.Findings = append(v.Findings, advisory)

	m := &v.Trials[0]
	m.Classes = map[harness.Class]int{hostile: 3}
	r := &m.Recovery
	stamp := seen(12100, 12200, hostile, hostile)
	r.Effective, r.Impact, r.Detected, r.Paged, r.Diagnosed, r.Repaired, r.Restored, r.Data = stamp, stamp, stamp, stamp, stamp, stamp, stamp, stamp
	r.Notes = []string{hostile}
	for i := range r.Phases {
		r.Phases[i].Name = hostile
	}

	e.RunID, e.Plan.Scenario.Name, e.Plan.Scenario.Source = hostile, hostile, hostile
	e.Tool = harness.ToolInfo{Version: hostile, Commit: hostile, Go: hostile}
	e.Environment = map[string]string{hostile: hostile, "hostname": hostile}
	e.Signals = []harness.Signal{{At: 12 * time.Second, Source: hostile, Subject: hostile, Kind: hostile, Detail: hostile}}
	e.Injections[0].Fault, e.Injections[0].Error = hostile, hostile
	e.Problems = []harness.Problem{{Code: hostile, Detail: hostile}}
	e.Checks = []harness.CheckRecord{{Probe: hostile, Stage: harness.Steady, Detail: hostile}}
	e.Stages[1].Stage = hostile
	e.Outages[0].Example = hostile
	e.End = harness.End{Reason: hostile, Detail: hostile}
	return s
}

func TestHostileHTML(t *testing.T) {
	s := hostileSample()
	page := string(render(t, newRun(hostile, s.verdicts, s.evidence).html))
	for _, bad := range []string{"<img", "<script", "onerror=alert(1)>", "\x1b", "\x00", "\u202e", "{{.}}</"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q unescaped", bad)
		}
	}
	if !strings.Contains(page, "&lt;img src=x onerror=alert(1)&gt;") {
		t.Error("the page does not show the text at all: the test proves nothing")
	}
	if n := strings.Count(page, "</style>"); n != 1 {
		t.Errorf("the page closes its style %d times, want once", n)
	}
	if !utf8.ValidString(page) {
		t.Error("the page is not valid UTF-8")
	}
}

func TestHostileJUnit(t *testing.T) {
	s := hostileSample()
	src := render(t, newRun(hostile, s.verdicts, s.evidence).junit)
	decoder := xml.NewDecoder(bytes.NewReader(src))
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not valid XML: %v", err)
		}
		if data, ok := token.(xml.CharData); ok {
			text.Write(data)
		}
	}
	if !strings.Contains(text.String(), "]]> <script>x</script>") {
		t.Error("the text did not survive")
	}
	if strings.ContainsAny(text.String(), "\x1b\x00\x08") {
		t.Error("control characters got through")
	}
}

func TestHostileTerminal(t *testing.T) {
	s := hostileSample()
	got := string(render(t, func(w io.Writer) error {
		return Terminal(w, s.verdicts, TerminalOptions{Evidence: s.evidence, ReportPath: hostile})
	}))
	if strings.ContainsAny(got, "\x1b\x07\x08\x00\u202e") || !utf8.ValidString(got) {
		t.Errorf("foreign text can steer the terminal: %q", got)
	}
	for l := range strings.Lines(got) {
		if strings.HasPrefix(strings.TrimSpace(l), "::error") {
			t.Errorf("a line would be a workflow command: %q", l)
		}
	}
}

func TestHostileMarkdown(t *testing.T) {
	s := hostileSample()
	got := string(render(t, newRun(hostile, s.verdicts, s.evidence).markdown))
	for _, bad := range []string{"<img", "<script", "@team", "\x1b", "[a](javascript"} {
		// The replay command is a code span: nothing in it is markup.
		for l := range strings.Lines(got) {
			if strings.Contains(l, bad) && !strings.HasPrefix(l, "Run again: ") {
				t.Errorf("markdown holds %q unescaped: %s", bad, l)
			}
		}
	}
	for l := range strings.Lines(got) {
		if strings.HasPrefix(l, "| ") && !strings.HasPrefix(l, "| check") {
			if n := strings.Count(strings.ReplaceAll(l, `\|`, ""), "|"); n != 6 {
				t.Errorf("a table row has %d bars, want 6: %s", n, l)
			}
		}
	}
}
