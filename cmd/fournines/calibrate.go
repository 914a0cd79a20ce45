package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/calibrate"
)

const calibrateLong = `Measures a target inside this process that breaks by script, in outages of 20 ms
to 10 s, and compares what was measured with what the target wrote down about
itself. Beside each script runs an arm of the same length in which nothing
breaks: what is seen there is the noise floor of this machine. Needs no stack.

Within bounds is: |error| of downtime, begin and end of an outage and of the
count of failed requests at most 1/rate + 2 ms in the median and 1/rate + 10 ms
at p99; no outage missed and none invented.

Exit code 0 when within bounds, 1 when not, 4 when the generator could not keep
its schedule or the machine held requests up, so that the figures are about the
machine: free a core and repeat it.`

const calibrateExamples = `  fournines calibrate                      200, 500 and 1000 requests/s, about 6 minutes
  fournines calibrate --quick              500 requests/s, about 20 seconds
  fournines calibrate --rates 500 --clean 10m
  fournines calibrate --seed 7 --json`

func newCalibrate(a *app) *cobra.Command {
	var c calibrate.Config
	var rates []int
	var asJSON, asMarkdown bool
	cmd := &cobra.Command{
		Use:     "calibrate",
		Short:   "Compare the measurement with scripted outages whose truth is known",
		Long:    calibrateLong,
		Example: calibrateExamples,
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("seed") {
				c.Seed = newSeed()
			}
			if c.Quick && !cmd.Flags().Changed("rates") {
				rates = []int{500}
			}
			for _, rate := range rates {
				c.Rates = append(c.Rates, float64(rate))
			}
			return a.calibrate(cmd.Context(), c, asJSON, asMarkdown)
		},
	}
	flags := cmd.Flags()
	flags.IntSliceVar(&rates, "rates", []int{200, 500, 1000}, fmt.Sprintf("requests/s to calibrate at, each %d to %d; 500 alone with --quick", calibrate.MinRate, calibrate.MaxRate))
	flags.Uint64Var(&c.Seed, "seed", 0, "seed of the scripts (default random, printed)")
	flags.BoolVar(&c.Quick, "quick", false, "a short script")
	flags.DurationVar(&c.Clean, "clean", 0, "length of the arm in which nothing breaks (default that of the script)")
	flags.BoolVar(&asJSON, "json", false, "print every comparison as JSON")
	flags.BoolVar(&asMarkdown, "markdown", false, "print rows for docs/benchmarks.md too")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
	return cmd
}

// calibrate runs the comparison and prints it. A signal ends it without a
// result.
func (a *app) calibrate(ctx context.Context, c calibrate.Config, asJSON, asMarkdown bool) error {
	if err := c.Check(); err != nil {
		return usage(err)
	}
	show := newLog(a.err)
	stopping := func(string, ...any) { show.say("stopping") }
	ctx, in, stop := watchSignals(ctx, stopping, a.exit)
	defer stop()
	show.say("calibration, seed %d: about %s", c.Seed, clock(c.Planned()))
	c.Say = show.say
	result, err := calibrate.Run(ctx, c)
	if s := in.signal(); s != nil {
		return &failure{code: signalCode(s)}
	}
	if err != nil {
		return environment(err)
	}
	if asJSON {
		if err := a.result(result); err != nil {
			return err
		}
	} else if err := a.calibration(result); err != nil {
		return environment(fmt.Errorf("write the result: %w", err))
	}
	if asMarkdown {
		if err := a.calibrationRows(result); err != nil {
			return environment(err)
		}
	}
	return exited(outcomeCode(result.Outcome))
}

// calibration prints the tables.
func (a *app) calibration(result calibrate.Result) error {
	for _, table := range []struct {
		title string
		rows  func(*tabwriter.Writer, []calibrate.RateResult)
	}{
		{"Measured against the truth: |error| in ms, median and p99", errorTable},
		{"Nothing broken: the noise floor, send lag in ms", noiseTable},
		{"Recovery time line: measured - true in ms", recoveryTable},
	} {
		a.printf("%s\n", table.title)
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
		table.rows(w, result.Rates)
		if err := w.Flush(); err != nil {
			return err
		}
		a.printf("\n")
	}
	t := newTheme(a.place.colourOut)
	switch result.Outcome {
	case harness.Pass:
		a.printf("%s: the measurement is within its bounds (seed %d)\n", t.good.Render("pass"), result.Seed)
	case harness.Fail:
		a.printf("%s: the measurement is out of its bounds (seed %d)\n", t.bad.Render("fail"), result.Seed)
	default:
		a.printf("%s: this machine was too busy to measure on (seed %d)\n", t.warn.Render("invalid"), result.Seed)
	}
	for _, problem := range result.Problems {
		a.printf("  %s\n", problem)
	}
	return nil
}

// errorTable is |error| by rate and mode, in ms, median and p99.
func errorTable(w *tabwriter.Writer, rates []calibrate.RateResult) {
	fmt.Fprintln(w, "\t\t\t\tdowntime\t\tbegin\t\tend\t\tcount / rate\t\tslices\t\t")
	fmt.Fprintln(w, "rate\tmode\toutages\tfound\tp50\tp99\tp50\tp99\tp50\tp99\tp50\tp99\tp50\tp99\t")
	for _, r := range rates {
		for _, row := range r.Rows {
			mode := string(row.Mode)
			if mode == "" {
				mode = "all"
			}
			fmt.Fprintf(w, "%g/s\t%s\t%d\t%d\t", r.Rate, mode, row.Outages, row.Found)
			for _, s := range []calibrate.Spread{row.Down, row.Begin, row.End, row.Count, row.Slices} {
				fmt.Fprint(w, spreadText(s))
			}
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%g/s\tat most\t\t\t", r.Rate)
		fmt.Fprintln(w, strings.Repeat(fmt.Sprintf("%s\t%s\t", milliseconds(r.Bounds.Median), milliseconds(r.Bounds.P99)), 4)+"\t\t")
	}
}

// spreadText is the median and p99 as two cells; of nothing, two dashes.
func spreadText(s calibrate.Spread) string {
	if s.N == 0 {
		return "–\t–\t"
	}
	return milliseconds(s.Median) + "\t" + milliseconds(s.P99) + "\t"
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}

// noiseTable is what the machine and the generator do while nothing breaks.
func noiseTable(w *tabwriter.Writer, rates []calibrate.RateResult) {
	fmt.Fprintln(w, "rate\tfor\trequests\tfailed\tinvented\tp50\tp99\tmax\twithin 1 ms\tcores\t")
	for _, r := range rates {
		c := r.Clean
		fmt.Fprintf(w, "%g/s\t%s\t%d\t%d\t%d\t%s\t%s\t%s\t%.3f %%\t%.2f\t\n", r.Rate, short(c.Length), c.Scheduled, c.Bad, len(c.Invented),
			milliseconds(c.Lag.Median), milliseconds(c.Lag.P99), milliseconds(c.Lag.Max), 100*c.OnTime, c.CPUShare)
	}
}

// recoveryTable is the error of each stamp's best estimate, in ms.
func recoveryTable(w *tabwriter.Writer, rates []calibrate.RateResult) {
	fmt.Fprintln(w, "rate\tmode\tlength\t"+strings.Join(calibrate.StampNames(), "\t")+"\t")
	for _, r := range rates {
		for _, recovery := range r.Recoveries {
			fmt.Fprintf(w, "%g/s\t%s\t%s\t", r.Rate, recovery.Mode, short(recovery.Length))
			for _, s := range recovery.Stamps {
				if s.Measured.State == harness.Seen {
					fmt.Fprintf(w, "%s\t", milliseconds(s.Off()))
				} else {
					fmt.Fprintf(w, "%s\t", s.Measured.State)
				}
			}
			fmt.Fprintln(w)
		}
	}
}
