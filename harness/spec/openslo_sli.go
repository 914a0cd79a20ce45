package spec

import (
	"time"

	"go.yaml.in/yaml/v3"
)

// Annotations of an SLI by which its author says what of fournines' own
// measurements it stands for: fournines runs nobody's queries.
const (
	markPrefix = "fournines.io/"
	// markMeasures is "requests" for a ratioMetric and "latency" for a
	// thresholdMetric.
	markMeasures = markPrefix + "measures"
	// markUnit is the unit of the objective's value: "ms" or "s".
	markUnit = markPrefix + "unit"
	// markBound makes a slower answer a bad request.
	markBound = markPrefix + "latency-bound"
)

const (
	ofRequests = "requests"
	ofLatency  = "latency"
)

// openSLI is an SLI, on its own or within an SLO.
type openSLI struct {
	openObject
	measures, unit string
	bound          time.Duration
	// ratio and threshold are the nodes of the metric that was given.
	ratio, threshold *yaml.Node
}

// marks reads the harness's own annotations of an SLI.
func (f *openFile) marks(sli *openSLI) func(*reader, string) func(*yaml.Node, place, string) {
	return func(r *reader, key string) func(*yaml.Node, place, string) {
		switch key {
		case markMeasures:
			return scalar(r, oneOf("what fournines measures itself", []string{ofRequests, ofLatency}), &sli.measures)
		case markUnit:
			return scalar(r, oneOf("a unit", []string{"ms", "s"}), &sli.unit)
		case markBound:
			return scalar(r, duration, &sli.bound)
		}
		return func(n *yaml.Node, p place, as string) {
			known := []string{markMeasures, markUnit, markBound}
			r.fail(n, as, "%sunknown annotation; expected %s%s", p, list(known), nearest(key, known))
		}
	}
}

// refuseMarks is marks of what is no SLI.
func refuseMarks(r *reader, key string) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		r.fail(n, as, "%sexpected annotation %q at the SLI that it is about, saw it elsewhere", p, key)
	}
}

// sliSpec reads an SLI: exactly one of its two kinds of metric.
func (f *openFile) sliSpec(sli *openSLI) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		var ignored string
		f.mapping(n, p, as,
			field{key: "description", read: scalar(f.reader, description, &ignored)},
			field{key: "thresholdMetric", read: f.metric},
			field{key: "ratioMetric", read: f.ratio},
		)
		sli.threshold, sli.ratio = f.written(as+".thresholdMetric"), f.written(as+".ratioMetric")
		switch {
		case n.Kind != yaml.MappingNode:
		case sli.threshold != nil && sli.ratio != nil:
			f.fail(n, as, "%sexpected either thresholdMetric or ratioMetric, saw both", p)
		case sli.threshold == nil && sli.ratio == nil:
			f.fail(n, as, "%sexpected thresholdMetric or ratioMetric, saw neither", p)
		}
	}
}

func (f *openFile) ratio(n *yaml.Node, p place, as string) {
	var counter bool
	f.mapping(n, p, as,
		field{key: "counter", read: scalar(f.reader, boolean, &counter)},
		field{key: "good", read: f.metric},
		field{key: "bad", read: f.metric},
		field{key: "total", read: f.metric},
		field{key: "rawType", read: f.refuseRaw},
		field{key: "raw", read: f.refuseRaw},
	)
	good, bad, total := f.written(as+".good"), f.written(as+".bad"), f.written(as+".total")
	switch raw := f.written(as+".raw") != nil || f.written(as+".rawType") != nil; {
	case n.Kind != yaml.MappingNode || raw:
	case good != nil && bad != nil:
		f.fail(n, as, "%sexpected either good or bad, saw both", p)
	case good == nil && bad == nil:
		f.fail(n, as, "%sexpected good or bad beside total, saw neither", p)
	case total == nil:
		f.fail(n, as, "%sexpected field \"total\", which is missing", p)
	}
}

func (f *openFile) refuseRaw(n *yaml.Node, p place, as string) {
	f.fail(n, as, "%sprecomputed ratios are not supported: expected good or bad, and total", p)
}

// metric reads {metricSource: {metricSourceRef, type, spec}}. How another
// system queries it is that system's own business.
func (f *openFile) metric(n *yaml.Node, p place, as string) {
	var ignored string
	f.mapping(n, p, as, field{key: "metricSource", required: true, read: func(n *yaml.Node, p place, as string) {
		f.mapping(n, p, as,
			field{key: "metricSourceRef", read: scalar(f.reader, text, &ignored)},
			field{key: "type", read: scalar(f.reader, text, &ignored)},
			field{key: "spec", read: func(*yaml.Node, place, string) {}},
		)
	}})
}
