package spec

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/suggest"
	"go.yaml.in/yaml/v3"
)

// What a scenario gets when it does not say otherwise. Disruption and Recovery
// are 0 when there are no faults.
const (
	DefaultWarmup     = 2 * time.Second
	DefaultBaseline   = 10 * time.Second
	DefaultDisruption = 20 * time.Second
	DefaultRecovery   = 15 * time.Second
	DefaultTimeout    = time.Second
	DefaultMode       = harness.One
)

// Suites returns the names that the label "suite" and the tiers of trials may
// have, from the smallest suite to the largest.
func Suites() []string { return []string{"smoke", "pr", "nightly", "release"} }

// Mixes returns the names that load.mix may have.
func Mixes() []string { return []string{"browse", "shop"} }

// scenario reads the whole file.
func (r *reader) scenario(root *yaml.Node) harness.Scenario {
	s := harness.Scenario{
		Load:   harness.LoadSpec{Timeout: DefaultTimeout},
		Stages: harness.Stages{Steady: DefaultWarmup, Baseline: DefaultBaseline, Disruption: -1, Recovery: -1},
	}
	var version, kind string
	r.mapping(root, place{node: root}, "",
		field{key: "apiVersion", required: true, read: scalar(r, oneOf("the API version", []string{APIVersion}), &version)},
		field{key: "kind", required: true, read: scalar(r, oneOf("the kind", []string{Kind}), &kind)},
		field{key: "metadata", required: true, read: r.metadata(&s)},
		field{key: "hypothesis", required: true, read: scalar(r, sentence, &s.Hypothesis)},
		field{key: "stack", read: r.stack(&s.Stack)},
		field{key: "load", required: true, read: r.load(&s.Load)},
		field{key: "steady", read: r.steady(&s.Stages)},
		field{key: "disruption", read: r.length("stages.disruption", &s.Stages.Disruption)},
		field{key: "recovery", read: r.length("stages.recovery", &s.Stages.Recovery)},
		field{key: "faults", read: r.faults(&s.Faults)},
		field{key: "slo", required: true, read: r.slo(&s.SLO)},
		field{key: "limits", read: r.limits(&s.Limits)},
		field{key: "safety", read: r.safety(&s.Safety)},
		field{key: "risk", read: r.risk(&s.RiskClass)},
		field{key: "trials", read: r.trials(&s.Trials)},
	)
	disruption, recovery := DefaultDisruption, DefaultRecovery
	if len(s.Faults) == 0 {
		disruption, recovery = 0, 0
	}
	if s.Stages.Disruption < 0 {
		s.Stages.Disruption = disruption
	}
	if s.Stages.Recovery < 0 {
		s.Stages.Recovery = recovery
	}
	return s
}

// sentence may be written over several lines that YAML folds into one.
var sentence = kind[string]{"a sentence", func(s string) (string, error) { return strings.TrimSpace(s), nil }}

func (r *reader) metadata(s *harness.Scenario) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		r.mapping(n, p, as,
			field{key: "name", as: "name", required: true, read: scalar(r, text, &s.Name)},
			field{key: "labels", as: "labels", read: r.labels(&s.Labels)},
		)
	}
}

// labels reads a mapping with keys of the author's choice.
func (r *reader) labels(dst *map[string][]string) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		labels := map[string][]string{}
		if r.walk != nil {
			n = mappingOf("suite", "<key>")
		}
		if len(n.Content)/2 > maxItems {
			r.fail(n, as, "%sexpected at most %d labels, saw %d", p, maxItems, len(n.Content)/2)
			return
		}
		r.mapping(n, p, as, anyKey(n, func(key string) func(*yaml.Node, place, string) {
			value := text
			if key == "suite" {
				value = oneOf("a suite", Suites())
			}
			return func(n *yaml.Node, p place, as string) {
				labels[key] = r.words(n, p, as, value)
			}
		})...)
		*dst = labels
	}
}

// words reads a list of words; a single word is a list of one.
func (r *reader) words(n *yaml.Node, p place, as string, k kind[string]) []string {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	if len(nodes) > maxItems {
		r.fail(n, as, "%sexpected at most %d values, saw %d", p, maxItems, len(nodes))
		return nil
	}
	out := []string{}
	for _, item := range nodes {
		var word string
		scalar(r, k, &word)(item, p, as)
		if slices.Contains(out, word) {
			r.fail(item, as, "%sexpected each value once, saw %s twice", p, sawNode(item))
		}
		out = append(out, word)
	}
	return out
}

func (r *reader) load(l *harness.LoadSpec) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		r.mapping(n, p, as,
			field{key: "rate", required: true, read: scalar(r, rate, &l.Rate)},
			field{key: "mix", read: scalar(r, oneOf("a mix", Mixes()), &l.Mix)},
			field{key: "url", read: scalar(r, text, &l.URL)},
			field{key: "expect", read: scalar(r, count, &l.Expect)},
			field{key: "timeout", read: scalar(r, duration, &l.Timeout)},
		)
	}
}

func (r *reader) steady(s *harness.Stages) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		r.mapping(n, p, as,
			field{key: "for", as: "stages.baseline", read: scalar(r, duration, &s.Baseline)},
			field{key: "warmup", as: "stages.steady", read: scalar(r, duration, &s.Steady)},
		)
	}
}

// length reads {for: D} of the stage that is known as as.
func (r *reader) length(stage string, dst *time.Duration) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		r.mapping(n, p, as, field{key: "for", as: stage, required: true, read: scalar(r, duration, dst)})
	}
}

func (r *reader) risk(dst *string) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		r.mapping(n, p, as, field{key: "class", required: true, read: scalar(r, text, dst)})
	}
}

func (r *reader) trials(dst *map[string]int) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		var fields []field
		trials := map[string]int{}
		for _, tier := range Suites() {
			fields = append(fields, field{key: tier, read: func(n *yaml.Node, p place, as string) {
				var number int
				scalar(r, count, &number)(n, p, as)
				trials[tier] = number
			}})
		}
		r.mapping(n, p, as, fields...)
		*dst = trials
	}
}

// anyKey makes a field of every key that n has, up to maxItems.
func anyKey(n *yaml.Node, read func(key string) func(*yaml.Node, place, string)) []field {
	var fields []field
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content) && len(fields) < maxItems; i += 2 {
		if key := n.Content[i]; key.Kind == yaml.ScalarNode {
			fields = append(fields, field{key: key.Value, read: read(key.Value)})
		}
	}
	return fields
}

func list(words []string) string { return strings.Join(words, ", ") }

// nearest is the hint for a word that is none of words.
func nearest(word string, words []string) error {
	return errors.New(suggest.DidYouMean(word, words))
}
