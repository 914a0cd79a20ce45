package reports

import (
	"bytes"
	"encoding/xml"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"
)

// profile is JUnit XML as Jenkins and GitLab read it, each in its way.
type profile struct {
	XMLName xml.Name       `xml:"testsuites"`
	Tests   int            `xml:"tests,attr"`
	Suites  []profileSuite `xml:"testsuite"`
}

type profileSuite struct {
	Name      string        `xml:"name,attr"`
	Package   *string       `xml:"package,attr"`
	Tests     int           `xml:"tests,attr"`
	Failures  int           `xml:"failures,attr"`
	Errors    int           `xml:"errors,attr"`
	Skipped   int           `xml:"skipped,attr"`
	Timestamp string        `xml:"timestamp,attr"`
	Cases     []profileCase `xml:"testcase"`
}

type profileCase struct {
	Class   string          `xml:"classname,attr"`
	Name    string          `xml:"name,attr"`
	Time    string          `xml:"time,attr"`
	Failure []profileResult `xml:"failure"`
	Error   []profileResult `xml:"error"`
	Skipped []profileResult `xml:"skipped"`
}

type profileResult struct {
	Message string `xml:"message,attr"`
	Body    string `xml:",chardata"`
}

// TestJUnitKeepsToTheProfile holds every sample to what both readers need:
// Jenkins shows the attribute and lets an error win over a failure, GitLab shows
// the body and lets a failure win; both keep one of several cases of a name.
func TestJUnitKeepsToTheProfile(t *testing.T) {
	all := maps.Clone(samples())
	all["hostile"] = hostileSample()
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			src := render(t, newRun(sampleRun, s.verdicts, s.evidence).junit)
			var file profile
			if err := xml.NewDecoder(bytes.NewReader(src)).Decode(&file); err != nil {
				t.Fatal(err)
			}
			used := map[[2]string]bool{}
			tests := 0
			for _, suite := range file.Suites {
				tests += suite.Tests
				suite.check(t)
				for _, c := range suite.Cases {
					c.check(t)
					key := [2]string{c.Class, c.Name}
					if used[key] {
						t.Errorf("%s, %s twice: one of them is lost", c.Class, c.Name)
					}
					used[key] = true
				}
			}
			if tests != file.Tests {
				t.Errorf("the root counts %d tests, the suites %d", file.Tests, tests)
			}
		})
	}
}

func (s profileSuite) check(t *testing.T) {
	failures, failed, skipped := 0, 0, 0
	for _, c := range s.Cases {
		failures, failed, skipped = failures+len(c.Failure), failed+len(c.Error), skipped+len(c.Skipped)
	}
	if len(s.Cases) == 0 || s.Tests != len(s.Cases) || s.Failures != failures || s.Errors != failed || s.Skipped != skipped {
		t.Errorf("suite %q counts %d, %d, %d, %d; it holds %d, %d, %d, %d", s.Name, s.Tests, s.Failures, s.Errors, s.Skipped, len(s.Cases), failures, failed, skipped)
	}
	if s.Package != nil {
		t.Errorf("suite %q has a package, which Jenkins puts before its name", s.Name)
	}
	if at, err := time.Parse(time.RFC3339, s.Timestamp); s.Timestamp != "" && (err != nil || !strings.HasSuffix(s.Timestamp, "Z")) {
		t.Errorf("timestamp %q (%v), want UTC as in RFC 3339: %v", s.Timestamp, at, err)
	}
}

func (c profileCase) check(t *testing.T) {
	results := append(append(append([]profileResult{}, c.Failure...), c.Error...), c.Skipped...)
	if len(results) > 1 {
		t.Errorf("%s has %d results: the readers would choose differently", c.Name, len(results))
	}
	for _, r := range results {
		if first, _, _ := strings.Cut(r.Body, "\n"); r.Message == "" || !strings.HasPrefix(r.Message, strings.TrimSpace(first)) {
			t.Errorf("%s: message %q, body begins with %q: want the same in both", c.Name, r.Message, first)
		}
	}
	if seconds, err := strconv.ParseFloat(c.Time, 64); err != nil || seconds < 0 || seconds > 365*24*3600 {
		t.Errorf("%s: time %q, want seconds", c.Name, c.Time)
	}
}
