package fault

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/shape"
)

// maxLatency leaves time for a proof: a round trip in both directions.
const maxLatency = time.Second

func delay() Kind {
	return Kind{
		Action:  "delay",
		Summary: "hold every packet of a replica for a time",
		Explain: "Each packet arrives later by the latency. With jitter each by another time, spread as the distribution says; packets keep their order, so one that is late holds up those behind it: where many come within the jitter, the mean grows. " +
			"Correlation makes a packet's latency resemble that of the one before." + shapeScope,
		Method:  shapeMethod,
		Class:   NetworkShape,
		Proof:   "the round trip of fresh connections from another container takes longer by the latency (by latency minus jitter where that varies) than before",
		Undone:  shapeUndone,
		Example: "{action: delay, target: {component: catalog, mode: one}, latency: 100ms, jitter: 10ms, at: 0s, duration: 10s}",
		Params: shapeParams(
			span("latency", 100*time.Millisecond, time.Millisecond, maxLatency, "how long packets are held"),
			span("jitter", 0, 0, maxLatency, "how much that varies; not more than the latency"),
			share("correlation", 0, 100, "how much a packet's latency resembles that of the one before"),
			word("distribution", string(shape.Uniform), "how latencies vary: jitter is the half width of uniform, the standard deviation of the others", shape.Distributions()...),
		),
		check: func(v Values) error {
			if latency, jitter := v.Duration("latency"), v.Duration("jitter"); jitter > latency {
				return fmt.Errorf("parameter \"jitter\": want at most the latency of %s, saw %s", brief(latency), brief(jitter))
			}
			return nil
		},
		bind: func(b Binding) (harness.Fault, error) {
			v := b.Values
			return shaped("delay", b, shape.Plan{
				Latency: v.Duration("latency"), Jitter: v.Duration("jitter"),
				Correlation: v.Fraction("correlation"), Distribution: shape.Distribution(v["distribution"]),
			}, slower, quick)
		},
	}
}

// added is what a round trip is surely longer by.
func (s *shaping) added() time.Duration {
	added := max(s.plan.Latency-s.plan.Jitter, s.plan.Latency/2)
	if s.in && s.out {
		added *= 2
	}
	return added * 9 / 10
}

// slower reports whether the median round trip is longer by what was asked
// for. Without one before, datagrams that nobody refuses, packets must have
// been held.
func slower(s *shaping, before, now glance, kernel map[string]int64) (bool, string) {
	want := before.least + s.added()
	if before.answered == 0 {
		return kernel["decided"] > 0, "want packets that were held"
	}
	return now.answered > 0 && now.median >= want, fmt.Sprintf("want a median round trip of %s or more", want.Round(time.Microsecond))
}

func quick(s *shaping, before, now glance) bool { return now.median < before.least+s.added()/2 }
