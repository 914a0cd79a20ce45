package spec

import (
	"github.com/fournines/fournines/harness"
	"go.yaml.in/yaml/v3"
)

// safety reads {bad: 20%, for: 3s}, or the word off.
func (r *reader) safety(dst **harness.Safety) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		if n.Kind == yaml.ScalarNode {
			var word string
			scalar(r, oneOf("{bad: 20%, for: 3s} or a word", []string{"off"}), &word)(n, p, as)
			*dst = &harness.Safety{Off: true}
			if r.walk == nil {
				return
			}
		}
		var s harness.Safety
		r.mapping(n, p, as,
			field{key: "bad", required: true, read: scalar(r, fraction, &s.Bad)},
			field{key: "for", required: true, read: scalar(r, duration, &s.For)},
		)
		*dst = &s
	}
}
