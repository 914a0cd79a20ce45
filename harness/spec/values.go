package spec

import (
	"errors"
	"regexp"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// kind is one kind of value: what it looks like in a file and how to read it.
// The error of parse, if it has a text, is a hint that ends the message.
type kind[T any] struct {
	want  string
	parse func(text string) (T, error)
}

var (
	text     = kind[string]{"a word", func(s string) (string, error) { return s, nil }}
	duration = kind[time.Duration]{"a duration such as 250ms, 10s or 1m30s", parseDuration}
	fraction = kind[float64]{"a percentage from 0% to 100%, such as 99.99%", parseFraction}
	rate     = kind[float64]{"a rate such as 300/s or 5/min", parseRate}
	fileName = kind[string]{"the name of a file", parseFileName}
	number   = kind[float64]{"a number such as 5 or 2.5", parseNumber}
	count    = kind[int]{"a whole number", parseCount}
)

// errForm says no more than that the text does not look as it should.
var errForm = errors.New("")

// scalar reads a value of kind k into dst.
func scalar[T any](r *reader, k kind[T], dst *T) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		if r.walk != nil {
			r.walk.value(p, k.want, func(text string) error { _, err := k.parse(text); return err })
			return
		}
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			r.fail(n, as, "%sexpected %s, saw %s", p, k.want, sawNode(n))
			return
		}
		v, err := k.parse(n.Value)
		if err != nil {
			r.fail(n, as, "%sexpected %s, saw %s%s", p, k.want, sawNode(n), err)
			return
		}
		*dst = v
	}
}

// optional reads a value of kind k; what is not written stays nil.
func optional[T any](r *reader, k kind[T], dst **T) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		v := new(T)
		scalar(r, k, v)(n, p, as)
		*dst = v
	}
}

// oneOf is a word that has to be one of words.
func oneOf(what string, words []string) kind[string] {
	return kind[string]{what + " (" + list(words) + ")", func(s string) (string, error) {
		for _, w := range words {
			if s == w {
				return s, nil
			}
		}
		return "", nearest(s, words)
	}}
}

var (
	decimal     = regexp.MustCompile(`^[0-9]{1,18}(\.[0-9]{1,18})?$`)
	percentForm = regexp.MustCompile(`^([0-9]{1,18}(?:\.[0-9]{1,18})?)%$`)
	rateForm    = regexp.MustCompile(`^([0-9]{1,18}(?:\.[0-9]{1,18})?)/(s|min|h)$`)
	countForm   = regexp.MustCompile(`^[0-9]{1,9}$`)
)

func parseFileName(s string) (string, error) {
	if s == "" {
		return "", errForm
	}
	return s, nil
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil && decimal.MatchString(s):
		return 0, errors.New("; the unit is missing")
	case err != nil:
		return 0, errForm
	case d < 0:
		return 0, errors.New("; it must not be negative")
	}
	return d, nil
}

// parseFraction turns "99.99%" into exactly the float64 nearest to 0.9999.
func parseFraction(s string) (float64, error) {
	m := percentForm.FindStringSubmatch(s)
	if m == nil {
		if decimal.MatchString(s) {
			return 0, errors.New("; the % sign is missing")
		}
		return 0, errForm
	}
	f, err := strconv.ParseFloat(m[1]+"e-2", 64)
	if err != nil || f > 1 {
		return 0, errForm
	}
	return f, nil
}

// parseRate returns requests per second.
func parseRate(s string) (float64, error) {
	m := rateForm.FindStringSubmatch(s)
	if m == nil {
		if decimal.MatchString(s) {
			return 0, errors.New("; the unit is missing")
		}
		return 0, errForm
	}
	f, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, errForm
	}
	return f / map[string]float64{"s": 1, "min": 60, "h": 3600}[m[2]], nil
}

func parseNumber(s string) (float64, error) {
	if !decimal.MatchString(s) {
		return 0, errForm
	}
	return strconv.ParseFloat(s, 64)
}

func parseCount(s string) (int, error) {
	if !countForm.MatchString(s) {
		return 0, errForm
	}
	return strconv.Atoi(s)
}
