package spec

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Values as OpenSLO writes them.
var (
	openName    = kind[string]{"a name of lower-case letters, digits and hyphens that starts and ends with a letter or digit, at most 63 characters", parseOpenName}
	description = kind[string]{"a text of at most 1050 characters", parseDescription}
	boolean     = kind[bool]{"true or false", parseBoolean}
	numeric     = kind[float64]{"a number", parseNumeric}
	target      = kind[float64]{"a number above 0 and below 1, such as 0.9999", parseTarget}
	percentage  = kind[float64]{"a number above 0 and below 100, such as 99.99", parsePercentage}
	sliceTarget = kind[float64]{"a number above 0 and up to 1, such as 0.95", parseSliceTarget}
	shorthand   = kind[string]{"a whole number of minutes, hours, days, weeks, months, quarters or years such as 5m, 28d, 1M", parseShorthand}
	sliceWindow = kind[time.Duration]{"a whole number of minutes, hours or days such as 1m or 2h", parseSliceWindow}
	startTime   = kind[string]{"a date with time and without a zone, such as 2020-01-21 12:30:00", parseStartTime}
	timeZone    = kind[string]{"an IANA time zone such as Europe/Berlin or UTC", parseTimeZone}
)

var (
	rfc1123       = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	shorthandForm = regexp.MustCompile(`^([1-9][0-9]{0,8})([mhdwMQY])$`)
	minutesForm   = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)
	secondsForm   = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?(ms|s)$`)
	zoneForm      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$`)
	numberForm    = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{1,18})?$`)
)

func parseOpenName(s string) (string, error) {
	if !rfc1123.MatchString(s) {
		return "", errForm
	}
	return s, nil
}

func parseDescription(s string) (string, error) {
	if utf8.RuneCountInString(s) > 1050 {
		return "", errForm
	}
	return s, nil
}

func parseBoolean(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, errForm
	}
	return s == "true", nil
}

func parseNumeric(s string) (float64, error) {
	if !numberForm.MatchString(s) {
		return 0, errForm
	}
	return strconv.ParseFloat(s, 64)
}

func parseTarget(s string) (float64, error) {
	if strings.HasSuffix(s, "%") {
		return 0, errors.New("; write targetPercent without the % sign")
	}
	f, err := parseNumeric(s)
	switch {
	case err != nil:
		return 0, errForm
	case f >= 1 && f < 100:
		return 0, errors.New("; a percentage goes into targetPercent")
	case f <= 0 || f >= 1:
		return 0, errForm
	}
	return f, nil
}

// parsePercentage turns "99.99" into exactly the float64 nearest to 0.9999.
func parsePercentage(s string) (float64, error) {
	if strings.HasSuffix(s, "%") {
		return 0, errors.New("; without the % sign")
	}
	if !decimal.MatchString(s) {
		return 0, errForm
	}
	f, err := strconv.ParseFloat(s+"e-2", 64)
	if err != nil || f <= 0 || f >= 1 {
		return 0, errForm
	}
	return f, nil
}

func parseSliceTarget(s string) (float64, error) {
	f, err := parseNumeric(s)
	if err != nil || f <= 0 || f > 1 {
		return 0, errForm
	}
	return f, nil
}

func parseShorthand(s string) (string, error) {
	switch {
	case secondsForm.MatchString(s):
		return "", errors.New("; OpenSLO knows no seconds")
	case !shorthandForm.MatchString(s):
		return "", errForm
	}
	return s, nil
}

// parseSliceWindow reads a duration shorthand, or a number of minutes.
func parseSliceWindow(s string) (time.Duration, error) {
	if minutesForm.MatchString(s) {
		s += "m"
	}
	if _, err := parseShorthand(s); err != nil {
		return 0, err
	}
	unit, ok := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[s[len(s)-1]]
	if !ok {
		return 0, errors.New("; a slice that long never ends within a run")
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	return time.Duration(n) * unit, err
}

func parseStartTime(s string) (string, error) {
	if _, err := time.Parse(time.DateTime, s); err != nil {
		return "", errForm
	}
	return s, nil
}

// parseTimeZone looks at the form alone: which zones there are depends on the
// machine, and the window decides nothing here.
func parseTimeZone(s string) (string, error) {
	if !zoneForm.MatchString(s) {
		return "", errForm
	}
	return s, nil
}
