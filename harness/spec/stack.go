package spec

import (
	"errors"
	"time"

	"github.com/fournines/fournines/harness"
	"go.yaml.in/yaml/v3"
)

// anyComponent stands for a key that is the name of a component.
const anyComponent = "<component>"

// stack reads how the stack has to be built.
func (r *reader) stack(dst **harness.StackSpec) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		s := &harness.StackSpec{}
		r.mapping(n, p, as,
			field{key: "cores", read: byComponent(r, &s.Cores, func(dst *float64) func(*yaml.Node, place, string) {
				return scalar(r, number, dst)
			})},
			field{key: "work", read: byComponent(r, &s.Work, func(dst *time.Duration) func(*yaml.Node, place, string) {
				return scalar(r, duration, dst)
			})},
			field{key: "autoscale", read: byComponent(r, &s.Autoscale, r.autoscale)},
			field{key: "clientRate", read: scalar(r, rate, &s.ClientRate)},
			field{key: "drill", read: scalar(r, duration, &s.Drill)},
		)
		*dst = s
	}
}

// byComponent reads a mapping whose keys are names of components.
func byComponent[T any](r *reader, dst *map[string]T, read func(*T) func(*yaml.Node, place, string)) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		if r.walk != nil {
			n = mappingOf(anyComponent)
		}
		if len(n.Content)/2 > maxItems {
			r.fail(n, as, "%sexpected at most %d components, saw %d", p, maxItems, len(n.Content)/2)
			return
		}
		values := map[string]T{}
		r.mapping(n, p, as, anyKey(n, func(key string) func(*yaml.Node, place, string) {
			return func(n *yaml.Node, p place, as string) {
				var v T
				read(&v)(n, p, as)
				values[key] = v
			}
		})...)
		*dst = values
	}
}

func (r *reader) autoscale(s *harness.ScaleSpec) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		r.mapping(n, p, as,
			field{key: "metric", required: true, read: scalar(r, oneOf("a metric", harness.ScaleMetrics()), &s.Metric)},
			field{key: "target", required: true, read: scalar(r, loadTarget, &s.Target)},
			field{key: "min", read: scalar(r, count, &s.Min)},
			field{key: "max", read: scalar(r, count, &s.Max)},
			field{key: "window", read: scalar(r, duration, &s.Window)},
		)
	}
}

// loadTarget is a share or a rate; which of them it has to be depends on the metric.
var loadTarget = kind[float64]{"a share such as 70%, or a rate such as 100/s", func(s string) (float64, error) {
	if share, err := parseFraction(s); err == nil {
		return share, nil
	}
	each, err := parseRate(s)
	if err != nil {
		return 0, errors.New("; the unit is missing, or another one is wanted")
	}
	return each, nil
}}
