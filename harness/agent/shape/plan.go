package shape

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Plan is what is to happen to packets. Shares are from 0 to 1.
type Plan struct {
	// Latency is how long each packet is held, and Jitter how much that
	// varies, as Distribution says.
	Latency, Jitter time.Duration
	// Correlation is how much a packet's latency resembles that of the one
	// before it: the coefficient of the normal values behind the latencies.
	Correlation  float64
	Distribution Distribution
	// Loss is the share of packets that are lost, each by itself. Bursts, when
	// set, takes its place.
	Loss   float64
	Bursts *Bursts
	// Duplicate is the share of packets that arrive twice.
	Duplicate float64
	// Corrupt is the share of packets in which one bit is turned round.
	// GoodChecksum makes their checksums right again, so that the application
	// gets the damage; otherwise the kernel drops them.
	Corrupt      float64
	GoodChecksum bool
	// Reorder is the share of packets that are held for HoldBack while those
	// behind them pass. Gap, when it is not 0, takes the place of Reorder:
	// every Gap-th packet is held back.
	Reorder  float64
	Gap      int
	HoldBack time.Duration
	// Seed is where everything random comes from.
	Seed uint64
}

// Distribution says how latencies vary.
type Distribution string

const (
	// Uniform is between Latency-Jitter and Latency+Jitter.
	Uniform Distribution = "uniform"
	// Normal has mean Latency and standard deviation Jitter; below 0 is 0.
	Normal Distribution = "normal"
	// Pareto has the same mean and deviation and a long tail of late packets
	// (exponent 3, cut at its 99.99th percentile); the earliest packet comes
	// 0.58 Jitter before the mean.
	Pareto Distribution = "pareto"
)

// Distributions returns the names of all distributions.
func Distributions() []string { return []string{string(Uniform), string(Normal), string(Pareto)} }

// Holds reports whether packets are kept for a time.
func (p Plan) Holds() bool { return p.Latency > 0 || p.Jitter > 0 || p.HoldBack > 0 }

// PerPacket reports whether each packet has a fate of its own, so that none
// may stand for several (segments that the kernel has not cut apart yet).
func (p Plan) PerPacket() bool {
	return p.Loss > 0 || p.Bursts != nil || p.Duplicate > 0 || p.Corrupt > 0 || p.Reorder > 0 || p.Gap > 0
}

// Check returns nil when the plan is possible and does something.
func (p Plan) Check() error {
	var problems []error
	want := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	for name, share := range map[string]float64{"loss": p.Loss, "duplicate": p.Duplicate, "corrupt": p.Corrupt, "reorder": p.Reorder, "correlation": p.Correlation} {
		want(share >= 0 && share <= 1, "want %s from 0 to 1, saw %v", name, share)
	}
	want(p.Latency >= 0 && p.Jitter >= 0 && p.HoldBack >= 0, "want no negative time")
	want(p.Jitter <= p.Latency, "want jitter not above the latency of %s, saw %s", p.Latency, p.Jitter)
	want(slices.Contains(Distributions(), string(p.Distribution)), "want a distribution of %v, saw %q", Distributions(), p.Distribution)
	want(p.Gap >= 0, "want a gap of 0 or more, saw %d", p.Gap)
	want((p.Reorder > 0 || p.Gap > 0) == (p.HoldBack > 0), "reordering wants both packets that are held back and a time for it")
	want(p.Holds() || p.PerPacket(), "nothing would happen to any packet")
	if p.Bursts != nil {
		problems = append(problems, p.Bursts.check())
	}
	return errors.Join(problems...)
}

// Args writes the plan as arguments of an agent's effect; Parse reads them.
func (p Plan) Args() map[string]string {
	share := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	args := map[string]string{
		"latency": p.Latency.String(), "jitter": p.Jitter.String(), "correlation": share(p.Correlation), "distribution": string(p.Distribution),
		"loss": share(p.Loss), "duplicate": share(p.Duplicate), "corrupt": share(p.Corrupt), "goodChecksum": strconv.FormatBool(p.GoodChecksum),
		"reorder": share(p.Reorder), "gap": strconv.Itoa(p.Gap), "holdBack": p.HoldBack.String(), "seed": strconv.FormatUint(p.Seed, 10),
	}
	if b := p.Bursts; b != nil {
		args["p"], args["r"], args["lossGood"], args["lossBad"] = share(b.P), share(b.R), share(b.LossGood), share(b.LossBad)
	}
	return args
}

// Parse reads a plan from an effect's arguments and checks it; arguments that
// are not given are 0, the distribution uniform.
func Parse(args map[string]string) (Plan, error) {
	r := reading{args: args}
	p := Plan{
		Latency: r.time("latency"), Jitter: r.time("jitter"), Correlation: r.share("correlation"), Distribution: Distribution(args["distribution"]),
		Loss: r.share("loss"), Duplicate: r.share("duplicate"), Corrupt: r.share("corrupt"), GoodChecksum: r.yes("goodChecksum"),
		Reorder: r.share("reorder"), Gap: int(r.whole("gap")), HoldBack: r.time("holdBack"), Seed: r.whole("seed"),
	}
	if p.Distribution == "" {
		p.Distribution = Uniform
	}
	if _, ok := args["p"]; ok {
		p.Bursts = &Bursts{P: r.share("p"), R: r.share("r"), LossGood: r.share("lossGood"), LossBad: r.share("lossBad")}
	}
	if err := errors.Join(r.problems...); err != nil {
		return Plan{}, err
	}
	return p, p.Check()
}

// reading gathers what cannot be read.
type reading struct {
	args     map[string]string
	problems []error
}

func read[T any](r *reading, name, wanted string, parse func(string) (T, error)) (v T) {
	text, ok := r.args[name]
	if !ok || text == "" {
		return v
	}
	v, err := parse(text)
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("argument %q: want %s, saw %q", name, wanted, text))
	}
	return v
}

func (r *reading) time(name string) time.Duration {
	return read(r, name, "a duration", time.ParseDuration)
}

func (r *reading) share(name string) float64 {
	return read(r, name, "a number", func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
}

func (r *reading) whole(name string) uint64 {
	return read(r, name, "a whole number", func(s string) (uint64, error) { return strconv.ParseUint(s, 10, 64) })
}

func (r *reading) yes(name string) bool { return read(r, name, "true or false", strconv.ParseBool) }
