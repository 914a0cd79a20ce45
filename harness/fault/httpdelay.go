package fault

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/httpfault"
)

func httpDelay() Kind {
	return Kind{
		Action:  "http-delay",
		Summary: "let a service answer later",
		Explain: "Requests to the target wait before the service gets them, each by the latency give or take up to the jitter." + httpKept,
		Method:  httpMethod,
		Class:   App,
		Proof:   "requests from beside another replica take at least the latency less the jitter",
		Undone:  httpUndone,
		Example: "{action: http-delay, target: {component: catalog, mode: one}, latency: 200ms, at: 0s}",
		Params: httpParams(
			span("latency", 200*time.Millisecond, leastLatency, mostLatency, "how long a request waits"),
			span("jitter", 0, 0, mostLatency, "how much longer or shorter than that, evenly spread; at most the latency"),
		),
		bind: func(b Binding) (harness.Fault, error) {
			latency, jitter := b.Values.Duration("latency"), b.Values.Duration("jitter")
			if least := latency - jitter; least < leastLatency || latency+jitter > mostLatency {
				return nil, fmt.Errorf("http-delay: want latency ± jitter within %s and %s, saw %s ± %s", leastLatency, mostLatency, latency, jitter)
			}
			return httpHold("http-delay", b, httpfault.Spec{Kind: httpfault.Delay, Latency: latency, Jitter: jitter},
				func(now map[string]int64) bool {
					return now["status"] != 0 && now["fastest-ns"] >= int64(latency-jitter)
				})
		},
	}
}
