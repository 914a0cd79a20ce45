package reports

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestMarkdownLimit(t *testing.T) {
	var verdicts []harness.Verdict
	v := passSample().verdicts[0]
	for i := range 2000 {
		v.Scenario = fmt.Sprintf("scenario-%d", i)
		verdicts = append(verdicts, v)
	}
	got := string(render(t, newRun(sampleRun, verdicts, nil).markdown))
	if len(got) > markdownLimit {
		t.Errorf("%d bytes, want at most %d", len(got), markdownLimit)
	}
	if !strings.HasSuffix(got, markdownNote) {
		t.Errorf("a cut report must say so, it ends in %q", got[len(got)-80:])
	}
	lines := strings.Split(strings.TrimSuffix(got, markdownNote), "\n")
	if last := lines[len(lines)-2]; strings.HasPrefix(last, "|") && !strings.HasSuffix(last, "|") {
		t.Errorf("cut within a line: %q", last)
	}
}

func TestMD(t *testing.T) {
	for in, want := range map[string]string{
		"a|b":        `a\|b`,
		"`x`":        "\\`x\\`",
		"<b>&":       "&lt;b&gt;&amp;",
		"two\nlines": "two lines",
		"@team":      "@\u200bteam",
		"a_b*c":      `a\_b\*c`,
	} {
		if got := md(in); got != want {
			t.Errorf("md(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{"a b": "`a b`", "a`b": "`` a`b ``", "```": "```` ``` ````"} {
		if got := code(in); got != want {
			t.Errorf("code(%q) = %q, want %q", in, got, want)
		}
	}
}
