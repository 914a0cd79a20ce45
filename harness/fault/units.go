package fault

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
)

var (
	unitsForm = regexp.MustCompile(`^([0-9]{1,9}(?:\.[0-9]{1,9})?)([A-Za-z]+)$`)

	bitRates = map[string]float64{"bit": 1, "kbit": 1e3, "Mbit": 1e6, "Gbit": 1e9}
	sizes    = map[string]float64{"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
)

// bitRate is a parameter that takes bits per second, required unless standard
// is given.
func bitRate(name, standard, example, explain string) Param {
	return inUnits(name, standard, example, "a bit rate such as 500kbit, 10Mbit or 1Gbit", explain, bitRates)
}

// size is a parameter that takes bytes, required unless standard is given.
func size(name, standard, example, explain string) Param {
	return inUnits(name, standard, example, "a size such as 64KiB, 100MiB or 2GiB", explain, sizes)
}

func inUnits(name, standard, example, takes, explain string, units map[string]float64) Param {
	return Param{
		Name: name, Default: standard, Required: standard == "", Explain: explain, Example: example, Takes: takes,
		check: func(value string) error { _, err := parseUnits(value, units); return err },
	}
}

// parseUnits reads a number above zero that one of the units follows.
func parseUnits(value string, units map[string]float64) (int64, error) {
	m := unitsForm.FindStringSubmatch(value)
	if m == nil || units[m[2]] == 0 {
		return 0, errors.New("want a number and its unit")
	}
	f, err := strconv.ParseFloat(m[1], 64)
	if n := math.Round(f * units[m[2]]); err == nil && n >= 1 && n < 1<<53 {
		return int64(n), nil
	}
	return 0, fmt.Errorf("%q is out of range", value)
}
