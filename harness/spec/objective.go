package spec

import (
	"errors"
	"time"

	"github.com/fournines/fournines/harness"
	"go.yaml.in/yaml/v3"
)

// slo reads {availability, latency, burst}, or {openslo: FILE, burst}.
func (r *reader) slo(o *harness.SLO) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		if r.walk != nil {
			r.openslo(o, n, p, as)
		} else if hasKey(n, "openslo") {
			r.openslo(o, n, p, as)
			return
		}
		r.mapping(n, p, as,
			field{key: "availability", required: true, read: scalar(r, fraction, &o.Availability)},
			field{key: "latency", read: r.latency(o)},
			field{key: "burst", read: scalar(r, number, &o.Burst)},
		)
	}
}

// openslo reads the objective from a file of OpenSLO documents. All that is
// wrong with that file is reported under its own name.
func (r *reader) openslo(o *harness.SLO, n *yaml.Node, p place, as string) {
	before := len(r.errs)
	var name string
	var burst float64
	r.mapping(n, p, as,
		field{key: "openslo", required: true, read: scalar(r, fileName, &name)},
		field{key: "burst", read: scalar(r, number, &burst)},
	)
	if len(r.errs) > before {
		r.bad[as] = true
		return
	}
	at := r.places[as+".openslo"]
	fail := func(format string, args ...any) { r.fail(at.node, as, "%s"+format, append([]any{at}, args...)...) }
	if r.open == nil {
		fail("expected availability and latency here: this scenario is no file of its own, so it cannot refer to another, saw %s", sawNode(at.node))
		return
	}
	path, src, err := r.open(name)
	if err != nil {
		fail("expected a file of OpenSLO documents beside the scenario: %v", err)
		return
	}
	*o, err = ParseSLO(path, src)
	o.Burst = burst
	var problems Errors
	if errors.As(err, &problems) {
		r.errs = append(r.errs, problems...)
	}
	r.bad[as] = err != nil
}

// hasKey looks ahead for a key.
func hasKey(n *yaml.Node, key string) bool {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

// latency reads {p99: 250ms, bound: 1s}.
func (r *reader) latency(o *harness.SLO) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		quantiles := map[string]time.Duration{}
		fields := []field{{key: "bound", read: scalar(r, duration, &o.LatencyBound)}}
		for _, q := range harness.Quantiles() {
			fields = append(fields, field{key: q, read: func(n *yaml.Node, p place, as string) {
				var limit time.Duration
				scalar(r, duration, &limit)(n, p, as)
				quantiles[q] = limit
			}})
		}
		r.mapping(n, p, as, fields...)
		if len(quantiles) > 0 {
			o.LatencyQuantiles = quantiles
		}
	}
}

func (r *reader) limits(l *harness.Limits) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		r.mapping(n, p, as,
			field{key: "failed", read: optional(r, fraction, &l.FailedFraction)},
			field{key: "downtime", read: optional(r, duration, &l.Downtime)},
			field{key: "detection", read: optional(r, duration, &l.Detection)},
			field{key: "diagnosis", read: optional(r, duration, &l.Diagnosis)},
			field{key: "repair", read: optional(r, duration, &l.Repair)},
			field{key: "recovery", read: optional(r, duration, &l.Recovery)},
			field{key: "lostWrites", read: optional(r, count, &l.LostWrites)},
			field{key: "duplicatedWrites", read: optional(r, count, &l.DuplicatedWrites)},
			field{key: "phantomWrites", read: optional(r, count, &l.PhantomWrites)},
			field{key: "rpo", read: optional(r, duration, &l.RPO)},
			field{key: "verifiedRestore", read: optional(r, duration, &l.VerifiedRestore)},
			field{key: "scaleOut", read: optional(r, duration, &l.ScaleOut)},
		)
	}
}
