package spec

import (
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

// Budgeting methods that a run can be held to.
const (
	occurrences = "Occurrences"
	timeslices  = "Timeslices"
)

// openSLO is an SLO. Its only objective has its fields here.
type openSLO struct {
	openObject
	service, ref, method string
	inline               *openSLI
	// objective is where the fields of the objective are in reader.places.
	objective   string
	op          string
	value       float64
	target      float64
	sliceTarget float64
	sliceWindow time.Duration
}

func (f *openFile) sloSpec(s *openSLO) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		var ignored string
		f.mapping(n, p, as,
			field{key: "description", read: scalar(f.reader, description, &ignored)},
			field{key: "service", required: true, read: scalar(f.reader, text, &s.service)},
			field{key: "indicator", read: f.indicator(s)},
			field{key: "indicatorRef", read: scalar(f.reader, text, &s.ref)},
			field{key: "timeWindow", read: f.timeWindow},
			field{key: "budgetingMethod", required: true, read: scalar(f.reader, budgetingMethod(), &s.method)},
			field{key: "objectives", required: true, read: f.objectives(s)},
			field{key: "alertPolicies", read: f.alertPolicies},
		)
		switch given := s.inline != nil; {
		case n.Kind != yaml.MappingNode:
		case given && f.written(as+".indicatorRef") != nil:
			f.fail(n, as, "%sexpected either indicator or indicatorRef, saw both", p)
		case !given && f.written(as+".indicatorRef") == nil:
			f.fail(n, as, "%sexpected indicator or indicatorRef, saw neither", p)
		}
	}
}

func budgetingMethod() kind[string] {
	k := oneOf("a budgeting method", []string{occurrences, timeslices})
	inner := k.parse
	k.parse = func(s string) (string, error) {
		if s == "RatioTimeslices" {
			return "", hint("; fournines measures no mean of slices, so it is not supported")
		}
		return inner(s)
	}
	return k
}

// indicator reads an SLI within an SLO.
func (f *openFile) indicator(s *openSLO) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		sli := &openSLI{}
		before := len(f.errs)
		f.mapping(n, p, as,
			field{key: "metadata", required: true, read: f.openMetadata(&sli.name, f.marks(sli))},
			field{key: "spec", required: true, read: f.sliSpec(sli)},
		)
		sli.as, sli.node, sli.sound, sli.used = as, n, len(f.errs) == before, true
		s.inline = sli
	}
}

// timeWindow checks a list of exactly one window. A run is judged for what it
// shows and not for a month, so its length is not needed for that.
func (f *openFile) timeWindow(n *yaml.Node, p place, as string) {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 1 {
		f.fail(n, as, "%sexpected a list of exactly one time window, saw %s", p, sawList(n))
		return
	}
	n, p.path, as = n.Content[0], p.path+"[0]", as+"[0]"
	var length, start, zone string
	var rolling bool
	f.mapping(n, p, as,
		field{key: "duration", required: true, read: scalar(f.reader, shorthand, &length)},
		field{key: "isRolling", read: scalar(f.reader, boolean, &rolling)},
		field{key: "calendar", read: func(n *yaml.Node, p place, as string) {
			f.mapping(n, p, as,
				field{key: "startTime", required: true, read: scalar(f.reader, startTime, &start)},
				field{key: "timeZone", required: true, read: scalar(f.reader, timeZone, &zone)},
			)
		}},
	)
	switch calendar := f.written(as+".calendar") != nil; {
	case n.Kind != yaml.MappingNode || f.bad[as+".isRolling"]:
	case rolling && calendar:
		f.fail(n, as, "%sexpected either isRolling: true or a calendar, saw both", p)
	case !rolling && !calendar:
		f.fail(n, as, "%sexpected isRolling: true or a calendar, saw neither", p)
	}
}

func (f *openFile) alertPolicies(n *yaml.Node, p place, as string) {
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		return
	}
	f.fail(n, as, "%salert policies are not supported: fournines reads the stack's own alerts and raises none; keep them in another file", p)
}

// objectives reads a list of exactly one: a run is held to one target.
func (f *openFile) objectives(s *openSLO) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		if n.Kind != yaml.SequenceNode || len(n.Content) != 1 {
			f.fail(n, as, "%sexpected a list of exactly one objective, saw %s; a run is held to one, put others into SLOs of their own", p, sawList(n))
			return
		}
		n, p.path, as = n.Content[0], p.path+"[0]", as+"[0]"
		s.objective, f.places[as] = as, place{node: n, path: p.path}
		var ignored string
		composite := func(n *yaml.Node, p place, as string) {
			f.fail(n, as, "%scomposite SLOs are not supported: expected one indicator for the SLO", p)
		}
		f.mapping(n, p, as,
			field{key: "displayName", read: scalar(f.reader, text, &ignored)},
			field{key: "op", read: scalar(f.reader, oneOf("an operator", []string{"lte", "gte", "lt", "gt"}), &s.op)},
			field{key: "value", read: scalar(f.reader, numeric, &s.value)},
			field{key: "target", read: scalar(f.reader, target, &s.target)},
			field{key: "targetPercent", read: scalar(f.reader, percentage, &s.target)},
			field{key: "timeSliceTarget", read: scalar(f.reader, sliceTarget, &s.sliceTarget)},
			field{key: "timeSliceWindow", read: scalar(f.reader, sliceWindow, &s.sliceWindow)},
			field{key: "indicator", read: composite},
			field{key: "indicatorRef", read: composite},
			field{key: "compositeWeight", read: composite},
		)
		switch one, other := f.written(as+".target"), f.written(as+".targetPercent"); {
		case n.Kind != yaml.MappingNode:
		case one != nil && other != nil:
			f.fail(n, as, "%sexpected either target or targetPercent, saw both", p)
		case one == nil && other == nil:
			f.fail(n, as, "%sexpected target or targetPercent, saw neither", p)
		}
	}
}

// sawList is sawNode that counts.
func sawList(n *yaml.Node) string {
	if n.Kind == yaml.SequenceNode {
		return fmt.Sprintf("%d of them", len(n.Content))
	}
	return sawNode(n)
}
