package spec

import (
	"fmt"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
	"go.yaml.in/yaml/v3"
)

// objective is what all documents come to. What depends on a document in which
// something is wrong is not complained about on top.
func (f *openFile) objective() harness.SLO {
	f.unique()
	f.resolveServices()
	var o harness.SLO
	requests := 0
	for _, s := range f.slos {
		sli := f.indicatorOf(s)
		if sli == nil || !sli.sound || !s.sound {
			requests++ // who knows: "there is none" would be a guess
			continue
		}
		switch {
		case sli.ratio != nil && f.overRequests(s, sli, &o):
			if requests++; requests > 1 {
				f.fail(s.node, "", "SLO %q: expected one SLO over requests in a file, saw another; a run is held to one", s.name)
			}
		case sli.threshold != nil:
			f.overLatency(s, sli, &o)
		}
	}
	for _, sli := range f.slis {
		if !sli.used && sli.sound {
			f.fail(sli.node, "", "SLI %q: no SLO in this file refers to it; refer to it or remove it", sli.name)
		}
	}
	switch {
	case len(f.slos) == 0 && len(f.errs) == 0:
		f.fail(f.places[""].node, "", "expected a document of kind SLO, saw none")
	case requests == 0 && len(f.errs) == 0:
		f.fail(f.slos[0].node, "", "expected an SLO over requests (a ratioMetric), saw only latency; fournines needs to know which share of requests has to be good")
	}
	return o
}

// unique refuses two documents of one kind with one name.
func (f *openFile) unique() {
	seen := map[string]*yaml.Node{}
	check := func(kind string, o *openObject) {
		if !o.sound {
			return
		}
		key := kind + " " + o.name
		if first := seen[key]; first != nil {
			f.fail(f.written(o.as+".metadata.name"), "", "metadata.name: %s %q is given twice, first in line %d; names are unique", kind, o.name, first.Line)
			return
		}
		seen[key] = f.written(o.as + ".metadata.name")
	}
	for _, o := range f.services {
		check(kindService, o)
	}
	for _, o := range f.slis {
		check(kindSLI, &o.openObject)
	}
	for _, o := range f.slos {
		check(kindSLO, &o.openObject)
	}
}

// resolveServices holds all SLOs to one service, and to one of those that the
// file describes when it describes any.
func (f *openFile) resolveServices() {
	var names []string
	for _, s := range f.services {
		names = append(names, s.name)
	}
	first := ""
	for _, s := range f.slos {
		n := f.written(s.as + ".spec.service")
		if n == nil || s.service == "" {
			continue
		}
		if i := slices.Index(names, s.service); i >= 0 {
			f.services[i].used = true
		} else if len(names) > 0 {
			f.fail(n, "", "spec.service: expected a Service of this file, saw %s%s", sawNode(n), among(s.service, names))
			continue
		}
		if first == "" {
			first = s.service
		} else if s.service != first {
			f.fail(n, "", "spec.service: expected %q as in the SLO before, saw %s; a file describes one service", first, sawNode(n))
		}
	}
	for _, s := range f.services {
		if !s.used && s.sound && len(f.errs) == 0 {
			f.fail(s.node, "", "Service %q: no SLO in this file is about it; add one or remove it", s.name)
		}
	}
}

// indicatorOf is the SLI of an SLO; nil when there is none.
func (f *openFile) indicatorOf(s *openSLO) *openSLI {
	if s.inline != nil || s.ref == "" {
		return s.inline
	}
	var names []string
	for _, sli := range f.slis {
		if sli.name == s.ref {
			sli.used = true
			return sli
		}
		names = append(names, sli.name)
	}
	n := f.written(s.as + ".spec.indicatorRef")
	f.fail(n, "", "spec.indicatorRef: expected an SLI of this file, saw %s%s", sawNode(n), among(s.ref, names))
	return nil
}

// overRequests maps the share of good requests, or of good slices of them; ok
// is false when that was refused.
func (f *openFile) overRequests(s *openSLO, sli *openSLI, o *harness.SLO) (ok bool) {
	before := len(f.errs)
	f.stands(sli, sli.ratio, "ratioMetric", ofRequests)
	f.without(s.objective, "with a ratioMetric", "op", "value")
	f.without(sli.as+".metadata.annotations", "with a ratioMetric", markUnit)
	o.Availability, o.LatencyBound = s.target, sli.bound
	if s.method == timeslices {
		f.with(s.objective, "with budgeting method "+timeslices, "timeSliceTarget", "timeSliceWindow")
		o.Timeslices = &harness.Timeslices{Target: s.sliceTarget, Window: s.sliceWindow}
		if n := f.written(s.objective + ".timeSliceWindow"); n != nil && s.sliceWindow > harness.MaxStage {
			f.fail(n, "", "timeSliceWindow: expected at most %s, the longest run, saw %s", harness.MaxStage, sawNode(n))
		}
	} else {
		f.without(s.objective, "with budgeting method "+occurrences, "timeSliceTarget", "timeSliceWindow")
	}
	return len(f.errs) == before
}

// quantileOf is the name of a quantile that a run is held to.
func quantileOf(target float64) (string, bool) {
	for name, q := range map[string]float64{"p50": .5, "p90": .9, "p99": .99, "p99.9": .999} {
		if target == q {
			return name, true
		}
	}
	return "", false
}

// overLatency maps "this share of requests is answered within this time".
func (f *openFile) overLatency(s *openSLO, sli *openSLI, o *harness.SLO) {
	before := len(f.errs)
	f.stands(sli, sli.threshold, "thresholdMetric", ofLatency)
	f.with(s.objective, "with a thresholdMetric", "op", "value")
	f.without(sli.as+".metadata.annotations", "with a thresholdMetric", markBound)
	if sli.unit == "" {
		f.fail(sli.threshold, "", "thresholdMetric: expected the unit of the objective's value in metadata.annotations, such as %s: ms; it is missing", markUnit)
	}
	if n := f.written(s.objective + ".op"); n != nil && s.op != "lte" {
		f.fail(n, "", "op: expected lte, saw %s; fournines holds latency to at most a limit", sawNode(n))
	}
	if n := f.written(s.objective + ".value"); n != nil && s.value <= 0 {
		f.fail(n, "", "value: expected a latency above 0, saw %s", sawNode(n))
	}
	if s.method != occurrences {
		n := f.written(s.as + ".spec.budgetingMethod")
		f.fail(n, "", "spec.budgetingMethod: expected %s with a thresholdMetric, saw %s; latency by slices is not supported", occurrences, sawNode(n))
	} else {
		f.without(s.objective, "with budgeting method "+occurrences, "timeSliceTarget", "timeSliceWindow")
	}
	q, known := quantileOf(s.target)
	if _, taken := o.LatencyQuantiles[q]; !known {
		f.fail(f.written(s.objective), "", "objectives[0]: expected the target 0.5, 0.9, 0.99 or 0.999 of a quantile that fournines measures, saw %v;"+
			" to make every slow answer a bad request, annotate the SLI over requests with %s", s.target, markBound)
	} else if taken {
		f.fail(s.node, "", "SLO %q: expected one limit for %s, saw another", s.name, q)
	}
	if len(f.errs) > before {
		return
	}
	if o.LatencyQuantiles == nil {
		o.LatencyQuantiles = map[string]time.Duration{}
	}
	unit := map[string]time.Duration{"ms": time.Millisecond, "s": time.Second}[sli.unit]
	o.LatencyQuantiles[q] = time.Duration(s.value * float64(unit))
}

// stands refuses an indicator of which nobody said which measurement of
// fournines it stands for.
func (f *openFile) stands(sli *openSLI, metric *yaml.Node, what, want string) {
	switch n := f.written(sli.as + ".metadata.annotations." + markMeasures); {
	case n == nil:
		f.fail(metric, "", "%s: fournines runs no queries, it measures requests and their latency itself; if this indicator stands for that, say so in its metadata.annotations with %s: %s",
			what, markMeasures, want)
	case sli.measures != want:
		f.fail(n, "", "metadata.annotations.%s: expected %s with a %s, saw %s", markMeasures, want, what, sawNode(n))
	}
}

// with and without demand and refuse fields of the mapping at as.
func (f *openFile) with(as, why string, keys ...string) {
	for _, key := range keys {
		if f.written(as+"."+key) == nil {
			f.fail(f.written(as), "", "expected field %q %s, which is missing", key, why)
		}
	}
}

func (f *openFile) without(as, why string, keys ...string) {
	for _, key := range keys {
		if n := f.written(as + "." + key); n != nil {
			f.fail(n, "", "%s: expected no such field %s, saw %s", key, why, fmt.Sprint(sawNode(n)))
		}
	}
}
