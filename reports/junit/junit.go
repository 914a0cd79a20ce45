// Package junit writes JUnit XML in the profile that both Jenkins and GitLab
// accept: one testsuites root, suites without package, at most one of failure,
// error and skipped per case, unique (classname, name), the message both as
// attribute and as first line of the text, UTC times, and valid XML whatever
// the texts hold.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"
)

// MaxText is the most bytes that one text (message, body, output, property)
// may have; longer ones are cut with a note.
const MaxText = 64 << 10

// Suite is one testsuite.
type Suite struct {
	Name string
	// Start is when it began; the zero time is left out.
	Start time.Time
	// Hostname may be empty.
	Hostname   string
	Properties []Property
	Cases      []Case
}

// Property is a name and a value; only Jenkins shows them, when told to.
type Property struct{ Name, Value string }

// Case is one testcase.
type Case struct {
	Classname, Name string
	// File is the source of the test for annotations; may be empty.
	File string
	Time time.Duration
	// Result says how the case ended; the zero value is passed.
	Result Result
	// Message is one line, Text what follows it; both unused when passed.
	Message, Text string
	// Type is a machine-readable reason; may be empty.
	Type string
	// Output is shown as the case's standard output; may be empty.
	Output string
}

// Result is what a case came to.
type Result uint8

const (
	Passed Result = iota
	// Failed: the statement under test is wrong.
	Failed
	// Errored: the test itself could not work.
	Errored
	// Skipped: not decided.
	Skipped
)

// Write writes the suites as one document called name. Cases whose
// (classname, name) was used before get a number behind the name: both
// consumers keep only one of several.
func Write(w io.Writer, name string, suites []Suite) error {
	document := xmlSuites{Name: Clean(name)}
	used := map[[2]string]bool{}
	var total time.Duration
	for _, s := range suites {
		suite, length := suiteXML(s, used)
		document.Suites = append(document.Suites, suite)
		document.add(suite.totals)
		total += length
	}
	document.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("encode junit: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func suiteXML(s Suite, used map[[2]string]bool) (xmlSuite, time.Duration) {
	suite := xmlSuite{Name: Clean(s.Name), Hostname: Clean(s.Hostname)}
	if !s.Start.IsZero() {
		suite.Timestamp = s.Start.UTC().Format("2006-01-02T15:04:05Z")
	}
	if len(s.Properties) > 0 {
		suite.Properties = &xmlProperties{}
		for _, p := range s.Properties {
			suite.Properties.List = append(suite.Properties.List, xmlProperty{Clean(p.Name), Clean(p.Value)})
		}
	}
	var total time.Duration
	for _, c := range s.Cases {
		suite.Tests++
		switch c.Result {
		case Failed:
			suite.Failures++
		case Errored:
			suite.Errors++
		case Skipped:
			suite.Skipped++
		}
		total += c.Time
		suite.Cases = append(suite.Cases, caseXML(c, used))
	}
	suite.Time = seconds(total)
	return suite, total
}

func caseXML(c Case, used map[[2]string]bool) xmlCase {
	class, name := Clean(c.Classname), Clean(c.Name)
	for n := 2; used[[2]string{class, name}]; n++ {
		name = fmt.Sprintf("%s (%d)", Clean(c.Name), n)
	}
	used[[2]string{class, name}] = true
	x := xmlCase{Classname: class, Name: name, File: Clean(c.File), Time: seconds(c.Time)}
	if c.Output != "" {
		x.Output = &xmlText{Body: Clean(c.Output)}
	}
	message := Clean(c.Message)
	body := message
	if c.Text != "" {
		body = Clean(c.Message + "\n" + c.Text)
	}
	switch c.Result {
	case Failed:
		x.Failure = &xmlResult{Message: message, Type: Clean(c.Type), Body: body}
	case Errored:
		x.Error = &xmlResult{Message: message, Type: Clean(c.Type), Body: body}
	case Skipped:
		x.Skipped = &xmlResult{Message: message, Body: body}
	}
	return x
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", max(0, d.Seconds())) }
