package spec

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"go.yaml.in/yaml/v3"
)

// KindRisks is the kind of a risk catalogue.
const KindRisks = "RiskCatalogue"

// maxRisks is how many risks a catalogue may have.
const maxRisks = 200

var risksHead = regexp.MustCompile(`(?m)^kind:[ \t]*["']?` + KindRisks)

// IsRisks reports whether src is meant to hold a risk catalogue and is for
// ParseRisks rather than for Parse.
func IsRisks(src []byte) bool { return risksHead.Match(src) }

// ParseRisks reads a risk catalogue, as strictly as Parse reads a scenario.
// name is the file's name for error messages and RiskCatalogue.Name. The
// catalogue that it returns without an error validates. What is wrong with src
// is returned as Errors.
func ParseRisks(name string, src []byte) (harness.RiskCatalogue, error) {
	if len(src) > MaxSize {
		return harness.RiskCatalogue{}, tooLarge(name, "a risk catalogue")
	}
	root, err := document(name, src)
	if err != nil {
		return harness.RiskCatalogue{}, err
	}
	r := newReader(name, root)
	c := harness.RiskCatalogue{Name: name}
	var version, kind string
	r.mapping(root, place{node: root}, "",
		field{key: "apiVersion", required: true, read: scalar(r, oneOf("the API version", []string{APIVersion}), &version)},
		field{key: "kind", required: true, read: scalar(r, oneOf("the kind", []string{KindRisks}), &kind)},
		field{key: "risks", required: true, read: r.risks(&c.Risks)},
	)
	r.problems(c.Validate())
	if len(r.errs) > 0 {
		r.errs.sort()
		return harness.RiskCatalogue{}, r.errs
	}
	return c, nil
}

// ParseRisksFile is ParseRisks of a file. It never reads more than MaxSize
// bytes of it.
func ParseRisksFile(path string) (harness.RiskCatalogue, error) {
	src, err := readFile(path, "risk catalogue")
	if err != nil {
		return harness.RiskCatalogue{}, err
	}
	return ParseRisks(path, src)
}

func (r *reader) risks(dst *[]harness.RiskClass) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		if n.Kind != yaml.SequenceNode {
			r.fail(n, as, "%sexpected a list of risks, saw %s", p, sawNode(n))
			return
		}
		if len(n.Content) > maxRisks {
			r.fail(n, as, "%sexpected at most %d risks, saw %d", p, maxRisks, len(n.Content))
			return
		}
		for i, item := range n.Content {
			at := as + "[" + strconv.Itoa(i) + "]"
			inner := place{node: item, path: at}
			r.places[at] = inner
			var risk harness.RiskClass
			r.mapping(item, inner, at,
				field{key: "class", required: true, read: scalar(r, text, &risk.Class)},
				field{key: "means", read: scalar(r, sentence, &risk.Means)},
				field{key: "ettf", required: true, read: scalar(r, days, &risk.ETTF)},
				field{key: "source", required: true, read: scalar(r, sentence, &risk.Source)},
			)
			*dst = append(*dst, risk)
		}
	}
}

// days is a time between two occurrences: nobody knows it in hours.
var days = kind[time.Duration]{"a number of days such as 30d or 0.5d", parseDays}

func parseDays(s string) (time.Duration, error) {
	number, ok := strings.CutSuffix(s, "d")
	switch {
	case !ok && decimal.MatchString(s):
		return 0, errors.New("; the unit is missing")
	case !ok || !decimal.MatchString(number):
		return 0, errForm
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil || f > harness.MaxETTF.Hours()/24 {
		return 0, errors.New("; it is too long")
	}
	return time.Duration(f * 24 * float64(time.Hour)), nil
}
