package main

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/calibrate"
)

// calibrationRows prints a calibration as rows of the tables in
// docs/benchmarks.md.
func (a *app) calibrationRows(result calibrate.Result) error {
	var errors, noise, recovery []string
	for _, r := range result.Rates {
		errors = append(errors, errorRow(r))
		noise = append(noise, noiseRow(r))
		for _, one := range r.Recoveries {
			recovery = append(recovery, recoveryRow(r.Rate, one))
		}
	}
	for _, t := range []struct {
		table benchmark.Table
		rows  []string
	}{{benchmark.Errors, errors}, {benchmark.Noise, noise}, {benchmark.Recovery, recovery}} {
		if err := t.table.Print(a.out, t.rows...); err != nil {
			return err
		}
	}
	a.printf("\n")
	return nil
}

// errorRow is |error| over all modes at one rate, in ms, median / p99.
func errorRow(r calibrate.RateResult) string {
	text := func(s calibrate.Spread) string { return milliseconds(s.Median) + " / " + milliseconds(s.P99) }
	all := r.Rows[len(r.Rows)-1]
	return benchmark.Errors.Row(fmt.Sprintf("%g/s", r.Rate), short(r.Bounds.Gap), fmt.Sprint(all.Outages), fmt.Sprint(all.Found),
		fmt.Sprint(len(r.Script.Invented)), text(all.Down), text(all.Begin), text(all.End), text(all.Count), text(all.Slices))
}

// noiseRow is what was seen at one rate while nothing broke.
func noiseRow(r calibrate.RateResult) string {
	c := r.Clean
	return benchmark.Noise.Row(fmt.Sprintf("%g/s", r.Rate), short(c.Length), fmt.Sprint(c.Scheduled), fmt.Sprint(c.Bad), fmt.Sprint(len(c.Invented)),
		milliseconds(c.Lag.Median)+" ms", milliseconds(c.Lag.P99)+" ms", milliseconds(c.Lag.Max)+" ms",
		fmt.Sprintf("%.3f %%", 100*c.OnTime), fmt.Sprintf("%.2f", c.CPUShare))
}

// recoveryRow is the error of each stamp of one recovery, in ms.
func recoveryRow(rate float64, r calibrate.Recovery) string {
	cells := []string{fmt.Sprintf("%g/s", rate), string(r.Mode)}
	for _, s := range r.Stamps {
		text := string(s.Measured.State)
		if s.Measured.State == harness.Seen {
			text = milliseconds(s.Off())
		}
		cells = append(cells, text)
	}
	return benchmark.Recovery.Row(cells...)
}
