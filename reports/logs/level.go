package logs

import (
	"regexp"
	"strings"
)

// Level is how bad a line says that things are; the zero value is that it does
// not say.
type Level int

// Levels, in their order.
const (
	Unknown Level = iota
	Debug
	Info
	Warn
	Error
)

var levelNames = [...]string{"", "debug", "info", "warn", "error"}

// String is "debug", "info", "warn", "error", or empty.
func (l Level) String() string { return levelNames[l] }

// Levels are the names that ParseLevel knows, in their order.
func Levels() []string { return levelNames[1:] }

// levelWords are what programs call their levels.
var levelWords = map[string]Level{
	"trace": Debug, "debug": Debug, "info": Info, "notice": Info, "log": Info, "warn": Warn, "warning": Warn,
	"error": Error, "err": Error, "fatal": Error, "panic": Error, "dpanic": Error, "crit": Error, "critical": Error,
	"alert": Error, "emerg": Error, "emergency": Error,
}

// ParseLevel reads a level by any name that programs have for it, whatever its
// case. "INFO+2", as slog writes it, is info.
func ParseLevel(word string) (Level, bool) {
	if i := strings.IndexAny(word, "+-"); i > 0 {
		word = word[:i]
	}
	l, ok := levelWords[strings.ToLower(word)]
	return l, ok
}

// levelHead is how much of a line without JSON is searched for its level.
const levelHead = 200

// levelMarks find the level of a line that is no JSON: level=warn, "level":"warn"
// of one that was cut, [WARNING], FATAL: as PostgreSQL writes it, and a word at the
// line's start behind a time.
var levelMarks = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:level|lvl|severity)"?\s*[=:]\s*"?(\w+)`),
	regexp.MustCompile(`\[([A-Za-z]+)\]`),
	regexp.MustCompile(`\b([A-Z]{3,}): `),
	regexp.MustCompile(`^[\d\s:.,TZ/+-]*([A-Za-z]+)\b`),
}

// textLevel is the level of a line that is no JSON.
func textLevel(text string) Level {
	text = text[:min(len(text), levelHead)]
	for _, mark := range levelMarks {
		if m := mark.FindStringSubmatch(text); m != nil {
			if l, ok := ParseLevel(m[1]); ok {
				return l
			}
		}
	}
	return Unknown
}
