package fault

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Param describes one parameter of an action.
type Param struct {
	Name string
	// Default is used when the parameter is not given; without one it is empty
	// or Required.
	Default  string
	Required bool
	// Explain is half a sentence for people.
	Explain string
	// Values are the only values allowed; nil where Takes says what is.
	Values []string
	// Takes is what is allowed, in words: "a duration from 0s to 10s".
	Takes string
	// Example is a value as it is written.
	Example string

	// check returns nil when a value is allowed that Values does not list.
	check func(value string) error
}

// Check returns nil when value is allowed.
func (p Param) Check(value string) error {
	ok := slices.Contains(p.Values, value)
	if p.check != nil {
		ok = p.check(value) == nil
	}
	if !ok {
		return fmt.Errorf("parameter %q: want %s, saw %q", p.Name, p.Form(), value)
	}
	return nil
}

// Form says what the parameter takes, as the end of "want ...".
func (p Param) Form() string {
	if len(p.Values) > 0 {
		return "one of " + strings.Join(p.Values, ", ")
	}
	return p.Takes
}

// word is a parameter with a fixed set of values.
func word(name, standard, explain string, values ...string) Param {
	return Param{Name: name, Default: standard, Explain: explain, Values: values, Example: standard}
}

// span is a parameter that takes a duration from least to most.
func span(name string, standard, least, most time.Duration, explain string) Param {
	return Param{
		Name: name, Default: brief(standard), Explain: explain, Example: brief(standard),
		Takes: fmt.Sprintf("a duration from %s to %s", brief(least), brief(most)),
		check: func(value string) error {
			d, err := time.ParseDuration(value)
			if err == nil && (d < least || d > most) {
				err = errors.New("out of range")
			}
			return err
		},
	}
}

// brief is d without the zeros that time.Duration ends in: 1m, 2h.
func brief(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// number is a parameter that takes a whole number from least to most.
func number(name string, standard, least, most int, explain string) Param {
	return Param{
		Name: name, Default: strconv.Itoa(standard), Explain: explain, Example: strconv.Itoa(standard),
		Takes: fmt.Sprintf("a whole number from %d to %d", least, most),
		check: func(value string) error {
			n, err := strconv.Atoi(value)
			if err == nil && (n < least || n > most) {
				err = errors.New("out of range")
			}
			return err
		},
	}
}

// percentage is a parameter that takes a percentage above 0% and up to most.
func percentage(name string, standard, most float64, explain string) Param {
	text := strconv.FormatFloat(standard, 'f', -1, 64) + "%"
	return Param{
		Name: name, Default: text, Explain: explain, Example: text,
		Takes: fmt.Sprintf("a percentage above 0%% and up to %v%%, such as %s", most, text),
		check: func(value string) error {
			f, err := parsePercent(value)
			if err == nil && (f <= 0 || f > most) {
				err = errors.New("out of range")
			}
			return err
		},
	}
}

// share is a parameter that takes a percentage from 0% to most.
func share(name string, standard, most float64, explain string) Param {
	p := percentage(name, standard, most, explain)
	p.Takes = fmt.Sprintf("a percentage from 0%% to %v%%", most)
	p.check = func(value string) error {
		f, err := parsePercent(value)
		if err == nil && f > most {
			err = errors.New("out of range")
		}
		return err
	}
	return p
}

// parsePercent reads "12.5%" as 12.5.
func parsePercent(value string) (float64, error) {
	digits, ok := strings.CutSuffix(value, "%")
	if !ok {
		return 0, errors.New("the % sign is missing")
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err == nil && (f != f || f < 0) {
		err = errors.New("want a number")
	}
	return f, err
}

// free is a parameter that takes what check allows.
func free(name, standard, example, takes, explain string, check func(string) error) Param {
	return Param{Name: name, Default: standard, Explain: explain, Example: example, Takes: takes, check: check}
}

// length is the value of a duration that Check has allowed.
func length(value string) time.Duration {
	d, _ := time.ParseDuration(value)
	return d
}
