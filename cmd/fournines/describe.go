package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// loadText is `300 requests/s of mix browse, each given up after 2s`.
func loadText(l harness.LoadSpec) string {
	if l.URL != "" {
		return fmt.Sprintf("%g requests/s of %s, each given up after %s", l.Rate, l.URL, l.Timeout)
	}
	return fmt.Sprintf("%g requests/s of mix %s, each given up after %s", l.Rate, l.Mix, l.Timeout)
}

// stagesText is `steady 10s, baseline 10s, disruption 20s, recovery 15s`.
func stagesText(s harness.Stages) string {
	var parts []string
	for _, span := range spans(s) {
		parts = append(parts, string(span.stage)+" "+span.length.String())
	}
	return strings.Join(parts, ", ")
}

// objectiveTexts says what an SLO promises.
func objectiveTexts(o harness.SLO) []string {
	lines := []string{"availability at least " + percent(o.Availability)}
	if t := o.Timeslices; t != nil {
		lines[0] = fmt.Sprintf("at least %s of the slices of %s have at least %s good requests", percent(o.Availability), t.Window, percent(t.Target))
	}
	if o.Burst > 0 {
		lines = append(lines, fmt.Sprintf("one cause of failure costs at most %g requests", o.Burst))
	}
	if o.LatencyBound > 0 {
		lines = append(lines, "an answer counts as good within "+o.LatencyBound.String())
	}
	for _, q := range slices.Sorted(maps.Keys(o.LatencyQuantiles)) {
		lines = append(lines, fmt.Sprintf("latency %s at most %s", q, o.LatencyQuantiles[q]))
	}
	return lines
}

// limitTexts says what one injection may cost and what the objective is.
func limitTexts(s harness.Scenario) []string {
	lines := objectiveTexts(s.SLO)
	if f := s.Limits.FailedFraction; f != nil {
		lines = append(lines, "failed requests at most "+percent(*f))
	}
	for _, l := range []struct {
		name  string
		limit *time.Duration
	}{
		{"downtime", s.Limits.Downtime},
		{"detection", s.Limits.Detection},
		{"diagnosis", s.Limits.Diagnosis},
		{"repair", s.Limits.Repair},
		{"recovery", s.Limits.Recovery},
	} {
		if l.limit != nil {
			lines = append(lines, fmt.Sprintf("%s at most %s", l.name, *l.limit))
		}
	}
	for _, l := range []struct {
		name  string
		limit *int
	}{
		{"lost writes", s.Limits.LostWrites},
		{"duplicated writes", s.Limits.DuplicatedWrites},
		{"phantom writes", s.Limits.PhantomWrites},
	} {
		if l.limit != nil {
			lines = append(lines, fmt.Sprintf("%s at most %d", l.name, *l.limit))
		}
	}
	if d := s.Limits.RPO; d != nil {
		lines = append(lines, fmt.Sprintf("time of acknowledged writes that is lost at most %s", *d))
	}
	if d := s.Limits.VerifiedRestore; d != nil {
		lines = append(lines, fmt.Sprintf("a verified restore at most %s after the fault", *d))
	}
	if d := s.Limits.ScaleOut; d != nil {
		lines = append(lines, fmt.Sprintf("a replica more at most %s after the fault", *d))
	}
	return lines
}

// safetyText is `the fault is taken back when more than 50% of the requests
// fail for 3s`.
func safetyText(s harness.Scenario) string {
	stop := s.SafetyStop()
	if stop.Off {
		return "none: the faults last whatever they do"
	}
	return fmt.Sprintf("the faults are taken back when more than %s of the requests fail for %s", percent(stop.Bad), stop.For)
}

// percent writes a fraction as `99.99%`, without rounding a nine away.
func percent(fraction float64) string {
	return strconv.FormatFloat(fraction*100, 'g', 10, 64) + "%"
}

// faultText is `container-kill on one catalog, from 0s for 20s of the disruption`.
func faultText(f harness.FaultSpec, disruption time.Duration) string {
	text := f.Action + paramsText(f.Params)
	if where := targetText(f.Target); where != "" {
		text += " on " + where
	}
	length := f.Duration
	if length == 0 {
		length = disruption - f.At
	}
	return fmt.Sprintf("%s, from %s for %s of the disruption", text, f.At, length)
}

func targetText(t harness.TargetSpec) string {
	if t == (harness.TargetSpec{}) {
		return ""
	}
	where := t.Component
	if t.Node != "" {
		where = "node " + t.Node
	}
	switch harness.Mode(t.Mode) {
	case harness.Fixed:
		return fmt.Sprintf("%g of %s", t.Value, where)
	case harness.FixedPercent:
		return fmt.Sprintf("%g%% of %s", t.Value, where)
	case harness.RandomMaxPercent:
		return fmt.Sprintf("up to %g%% of %s", t.Value, where)
	}
	return t.Mode + " of " + where
}

func paramsText(params map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		parts = append(parts, name+"="+params[name])
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// wrapText breaks text into lines of at most columns characters, at spaces.
func wrapText(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) <= columns:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
