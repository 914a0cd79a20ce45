package junit

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func write(t *testing.T, suites ...Suite) (string, xmlSuites) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "all", suites); err != nil {
		t.Fatal(err)
	}
	var back xmlSuites
	if err := xml.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatalf("not valid XML: %v\n%s", err, b.String())
	}
	return b.String(), back
}

func TestWrite(t *testing.T) {
	src, _ := write(t, Suite{
		Name: "catalog-replica-kill", Start: time.Date(2026, 11, 23, 15, 2, 11, 5e8, time.FixedZone("CET", 3600)), Hostname: "runner",
		Properties: []Property{{"seed", "42"}},
		Cases: []Case{
			{Classname: "fournines.a", Name: "passed", File: "a.yaml", Time: 1500 * time.Millisecond, Output: "out"},
			{Classname: "fournines.a", Name: "failed", Result: Failed, Message: "too slow", Text: "9 s", Type: "LIMIT_EXCEEDED"},
			{Classname: "fournines.a", Name: "errored", Result: Errored, Message: "no load"},
			{Classname: "fournines.a", Name: "skipped", Result: Skipped, Message: "too few"},
		},
	})
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="all" tests="4" failures="1" errors="1" skipped="1" time="1.500">
  <testsuite name="catalog-replica-kill" tests="4" failures="1" errors="1" skipped="1" time="1.500" timestamp="2026-11-23T14:02:11Z" hostname="runner">
    <properties>
      <property name="seed" value="42"></property>
    </properties>
    <testcase classname="fournines.a" name="passed" file="a.yaml" time="1.500">
      <system-out>out</system-out>
    </testcase>
    <testcase classname="fournines.a" name="failed" time="0.000">
      <failure message="too slow" type="LIMIT_EXCEEDED">too slow&#xA;9 s</failure>
    </testcase>
    <testcase classname="fournines.a" name="errored" time="0.000">
      <error message="no load">no load</error>
    </testcase>
    <testcase classname="fournines.a" name="skipped" time="0.000">
      <skipped message="too few">too few</skipped>
    </testcase>
  </testsuite>
</testsuites>
`
	if d := cmp.Diff(want, src); d != "" {
		t.Error(d)
	}
}

func TestUnique(t *testing.T) {
	c := func(name string) Case { return Case{Classname: "c", Name: name} }
	_, back := write(t, Suite{Cases: []Case{c("a"), c("a (2)"), c("a"), c("a")}}, Suite{Cases: []Case{c("a")}})
	var got []string
	for _, s := range back.Suites {
		for _, c := range s.Cases {
			got = append(got, c.Name)
		}
	}
	if d := cmp.Diff([]string{"a", "a (2)", "a (3)", "a (4)", "a (5)"}, got); d != "" {
		t.Error(d)
	}
}

func TestLimit(t *testing.T) {
	long := strings.Repeat("ä", MaxText)
	_, back := write(t, Suite{Cases: []Case{{Name: "n", Result: Failed, Message: "m", Text: long, Output: long}}})
	c := back.Suites[0].Cases[0]
	for name, text := range map[string]string{"failure": c.Failure.Body, "system-out": c.Output.Body} {
		if len(text) > MaxText || !utf8.ValidString(text) || !strings.HasSuffix(text, cutNote) {
			t.Errorf("%s has %d bytes and ends in %q, want at most %d and a note", name, len(text), text[max(0, len(text)-60):], MaxText)
		}
	}
}

func TestClean(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"colours are dropped":               {"\x1b[31mred\x1b[0m", "red"},
		"runes that XML has not are U+FFFD": {"a\x00\x08\ufffe\x1b", "a\ufffd\ufffd\ufffd\ufffd"},
		"invalid bytes are U+FFFD":          {"\xff", "\ufffd"},
		"line breaks and tabs stay":         {"a\n\tb", "a\n\tb"},
		"emoji stay":                        {"🙂", "🙂"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Clean(tt.in); got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestAnyText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(r, "text"))
		var b bytes.Buffer
		s := Suite{Name: text, Hostname: text, Properties: []Property{{text, text}}, Cases: []Case{
			{Classname: text, Name: text, File: text, Type: text, Message: text, Text: text, Output: text, Result: Result(rapid.IntRange(0, 3).Draw(r, "result"))},
		}}
		if err := Write(&b, text, []Suite{s}); err != nil {
			r.Fatal(err)
		}
		var back xmlSuites
		if err := xml.Unmarshal(b.Bytes(), &back); err != nil {
			r.Fatalf("not valid XML: %v\n%q", err, b.String())
		}
		if n := len(back.Suites[0].Cases); n != 1 {
			r.Fatalf("%d cases, want 1", n)
		}
	})
}
