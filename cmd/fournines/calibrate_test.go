package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/calibrate"
)

const ms = time.Millisecond

// calibrated is what a calibration saw at one rate.
func calibrated() calibrate.RateResult {
	spread := calibrate.Spread{N: 3, Median: 500 * time.Microsecond, P99: 2250 * time.Microsecond}
	r := calibrate.RateResult{
		Rate:   500,
		Bounds: calibrate.Bounds{Gap: 2 * ms, Median: 4 * ms, P99: 12 * ms},
		Rows: []calibrate.Row{
			{Mode: calibrate.Partial, Outages: 1, Found: 1, Count: spread},
			{Outages: 4, Found: 3, Down: spread, Begin: spread, End: spread, Count: spread, Slices: calibrate.Spread{N: 1, Median: 80 * ms, P99: 80 * ms}},
		},
		Clean: calibrate.Arm{
			Length: 50 * time.Second, Bad: 2, CPUShare: .125, Invented: make([]calibrate.Invented, 1),
			Sending: calibrate.Sending{Scheduled: 25_000, Lag: calibrate.Spread{Median: 70 * time.Microsecond, P99: ms, Max: 9 * ms}, OnTime: .99912},
		},
	}
	seen := harness.Stamp{State: harness.Seen, Hi: 100 * ms}
	r.Recoveries = []calibrate.Recovery{{Mode: calibrate.Hung, Length: 700 * ms, Stamps: []calibrate.Stamp{
		{Truth: 100 * ms, Measured: seen}, {Truth: 98 * ms, Measured: seen}, {Truth: 101 * ms, Measured: seen},
		{Measured: harness.Stamp{State: harness.Censored}}, {Measured: harness.Stamp{State: harness.NotSeen}}, {Truth: 60 * ms, Measured: seen},
	}}}
	return r
}

func TestCalibrationTables(t *testing.T) {
	r := calibrated()
	const tables = `Measured against the truth: |error| in ms, median and p99
                                  downtime         begin          end         count / rate         slices
   rate     mode  outages  found       p50    p99    p50    p99   p50    p99           p50    p99     p50    p99
  500/s  partial        1      1         –      –      –      –     –      –          0.50   2.25       –      –
  500/s      all        4      3      0.50   2.25   0.50   2.25  0.50   2.25          0.50   2.25   80.00  80.00
  500/s  at most                      4.00  12.00   4.00  12.00  4.00  12.00          4.00  12.00

Nothing broken: the noise floor, send lag in ms
   rate  for  requests  failed  invented   p50   p99   max  within 1 ms  cores
  500/s  50s     25000       2         1  0.07  1.00  9.00     99.912 %   0.12

Recovery time line: measured - true in ms
   rate  mode  length  t0 effective  t1 impact  t2 detected  t3 diagnosed  t4 repaired  t5 restored
  500/s  hung   700ms          0.00       2.00        -1.00      censored   unobserved        40.00

`
	for _, test := range []struct {
		rule   string
		result calibrate.Result
		want   string
	}{
		{"a pass", calibrate.Result{Seed: 7, Outcome: harness.Pass},
			"pass: the measurement is within its bounds (seed 7)\n"},
		{"a failure says why", calibrate.Result{Outcome: harness.Fail, Problems: []string{"500/s: hung of 20ms was missed"}},
			"fail: the measurement is out of its bounds (seed 0)\n  500/s: hung of 20ms was missed\n"},
		{"a late generator is not the measurement's failure", calibrate.Result{Outcome: harness.Invalid, Problems: []string{"late"}},
			"invalid: this machine was too busy to measure on (seed 0)\n  late\n"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			var out strings.Builder
			a := &app{out: &out}
			test.result.Rates = []calibrate.RateResult{r}
			if err := a.calibration(test.result); err != nil {
				t.Fatal(err)
			}
			var got []string
			for line := range strings.Lines(out.String()) {
				got = append(got, strings.TrimRight(line, " \n"))
			}
			if diff := cmp.Diff(strings.Split(strings.TrimRight(tables+test.want, "\n"), "\n"), got); diff != "" {
				t.Errorf("printed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCalibrationRowsFitTheirTables(t *testing.T) {
	var out strings.Builder
	a := &app{out: &out}
	if err := a.calibrationRows(calibrate.Result{Rates: []calibrate.RateResult{calibrated()}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		benchmark.Errors.Row("500/s", "2ms", "4", "3", "0", "0.50 / 2.25", "0.50 / 2.25", "0.50 / 2.25", "0.50 / 2.25", "80.00 / 80.00"),
		benchmark.Noise.Row("500/s", "50s", "25000", "2", "1", "0.07 ms", "1.00 ms", "9.00 ms", "99.912 %", "0.12"),
		benchmark.Recovery.Row("500/s", "hung", "0.00", "2.00", "-1.00", "censored", "unobserved", "40.00"),
	} {
		if !strings.Contains(out.String(), want+"\n") {
			t.Errorf("printed\n%s\nwant in it\n%s", out.String(), want)
		}
	}
}
