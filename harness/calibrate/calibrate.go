package calibrate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/fournines/fournines/harness"
)

// Rates that a calibration can be made at, in requests per second: below,
// fewer than two requests fall into the shortest outage; above, target and
// generator share too few cores to tell one from the other.
const (
	MinRate = 100
	MaxRate = 5000
)

// Config says what to calibrate.
type Config struct {
	// Rates are tried one after the other, each MinRate to MaxRate; at least
	// one.
	Rates []float64
	// Seed decides the scripts: another for each rate.
	Seed uint64
	// Quick takes a short script and one recovery.
	Quick bool
	// Clean is the length of the arm in which nothing breaks; 0 means that of
	// the script.
	Clean time.Duration
	// Say tells whoever waits what comes next; nil says nothing.
	Say func(format string, args ...any)
}

// Result is the comparison at all rates.
type Result struct {
	Seed  uint64       `json:"seed"`
	Rates []RateResult `json:"rates"`
	// Outcome is Pass when everything is within its bounds, Fail when not, and
	// Invalid when the generator did not keep its schedule.
	Outcome harness.Outcome `json:"outcome"`
	// Problems says why it is not Pass.
	Problems []string `json:"problems,omitempty"`
}

// recoveriesPerRate is the number of recovery trials at each rate; modes take
// turns.
const recoveriesPerRate = 2

// Check returns everything that is wrong with c.
func (c Config) Check() error {
	var problems []error
	if len(c.Rates) == 0 {
		problems = append(problems, errors.New("no rates; want at least one"))
	}
	for _, rate := range c.Rates {
		if !(rate >= MinRate && rate <= MaxRate) {
			problems = append(problems, fmt.Errorf("rate %g/s: want %d to %d", rate, MinRate, MaxRate))
		}
	}
	if c.Clean < 0 || c.Clean > harness.MaxStage/2 {
		problems = append(problems, fmt.Errorf("clean traffic for %s: want 0s (as long as the script) to %s", c.Clean, harness.MaxStage/2))
	}
	return errors.Join(problems...)
}

// Planned is about how long Run takes, for people.
func (c Config) Planned() time.Duration {
	total := time.Duration(0)
	for i := range c.Rates {
		script := lengthOf(Script(c.seed(i), c.Quick))
		total += script + c.clean(script) + 2*(steadyFor+timeout)
		total += time.Duration(c.recoveries()) * (steadyFor + recoveryBaseline + recoveryLeast + recoveryMore + recoverySpare + recoveryHold)
	}
	return total
}

func (c Config) seed(i int) uint64 { return c.Seed + uint64(i) }

func (c Config) clean(script time.Duration) time.Duration {
	if c.Clean > 0 {
		return c.Clean
	}
	return script
}

func (c Config) recoveries() int {
	if c.Quick {
		return 1
	}
	return recoveriesPerRate
}

// Run calibrates. Its error means that no comparison could be made: a wrong
// configuration, a trial that did not end as planned, or the cancellation of
// ctx; what the comparison says is in the result.
func Run(ctx context.Context, c Config) (Result, error) {
	if err := c.Check(); err != nil {
		return Result{}, fmt.Errorf("calibrate: %w", err)
	}
	if c.Say == nil {
		c.Say = func(string, ...any) {}
	}
	result := Result{Seed: c.Seed}
	for i := range c.Rates {
		r, err := c.atRate(ctx, i)
		if err != nil {
			return Result{}, fmt.Errorf("calibrate at %g/s: %w", c.Rates[i], err)
		}
		result.Rates = append(result.Rates, r)
	}
	result.judge()
	return result, nil
}

// atRate makes all trials at the i-th rate, against a target of their own.
func (c Config) atRate(ctx context.Context, i int) (r RateResult, err error) {
	rate, seed := c.Rates[i], c.seed(i)
	t, err := newTarget(seed)
	if err != nil {
		return RateResult{}, err
	}
	defer t.close()
	r = RateResult{Rate: rate, Bounds: boundsAt(rate)}
	script := Script(seed, c.Quick)
	length := lengthOf(script)
	if err := c.scripted(ctx, t, &r, script); err != nil {
		return r, err
	}
	if err := c.undisturbed(ctx, t, &r, c.clean(length)); err != nil {
		return r, err
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	for n := range c.recoveries() {
		mode := longModes[(i*recoveriesPerRate+n)%len(longModes)]
		c.Say("%g/s: recovery from %s", rate, mode)
		recovery, err := recoveryTrial(ctx, t, rate, mode, rng)
		if err != nil {
			return r, err
		}
		r.Recoveries = append(r.Recoveries, recovery)
	}
	return r, nil
}

// scripted runs the arm in which the target breaks.
func (c Config) scripted(ctx context.Context, t *target, r *RateResult, script []Case) error {
	length := lengthOf(script)
	c.Say("%g/s: %d scripted cases in %s", r.Rate, len(script), length.Round(time.Second))
	var played []*outage
	arm, err := undisturbed(ctx, t, "calibrate-script", r.Rate, length, func(ctx context.Context) (err error) {
		if played, err = t.play(ctx, script); err != nil {
			return err
		}
		return until(ctx, time.Now().Add(leastGap))
	})
	if err != nil {
		return err
	}
	m := harness.Measure(arm.evidence)
	r.Outages = truths(arm, played, r.Bounds.P99)
	r.Script = armOf(arm, m, assign(r.Outages, m.Outages, r.Bounds.P99), r.Bounds.P99)
	r.Slices = bySlices(arm.evidence, r.Outages, quickGap/2)
	r.Rows = rows(r.Outages, r.Slices, r.Bounds.Gap)
	return nil
}

// undisturbed runs the arm in which nothing breaks.
func (c Config) undisturbed(ctx context.Context, t *target, r *RateResult, length time.Duration) error {
	c.Say("%g/s: clean traffic for %s", r.Rate, length.Round(time.Second))
	arm, err := undisturbed(ctx, t, "calibrate-clean", r.Rate, length, func(ctx context.Context) error {
		return until(ctx, time.Now().Add(length))
	})
	if err != nil {
		return err
	}
	m := harness.Measure(arm.evidence)
	r.Clean = armOf(arm, m, m.Outages, r.Bounds.P99)
	return nil
}
