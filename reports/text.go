package reports

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fournines/fournines/reports/ansi"
)

// plain makes foreign text safe to print: ANSI sequences are dropped, every
// other control character, direction override and invalid byte becomes U+FFFD.
// Tabs and line breaks stay.
func plain(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = ansi.Strip(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return utf8.RuneError
		}
		return r // invalid bytes arrive as U+FFFD
	}, s)
}

// line is plain on one line: runs of white space become one space.
func line(s string) string { return strings.Join(strings.FieldsFunc(plain(s), breaks), " ") }

// beforeUnit is the space between a number and its unit.
var beforeUnit = regexp.MustCompile(`(\d) (%|ms|s|µs|min|h)(\W|$)`)

// sentence is line for prose and values: a number stays with its unit.
func sentence(s string) string { return beforeUnit.ReplaceAllString(line(s), "${1}"+nbsp+"${2}${3}") }

// breaks are the characters at which text may be broken; a no-break space
// (between a number and its unit) is not one.
func breaks(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }

// clip cuts s to at most n characters, the last one an ellipsis when something
// was cut.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	return strings.TrimRight(string([]rune(s)[:n-1]), " ") + "…"
}

// wrap breaks text at spaces into lines of at most width characters; a longer
// word gets a line of its own. There is always at least one line.
func wrap(s string, width int) []string {
	lines := []string{""}
	for _, word := range strings.FieldsFunc(s, breaks) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// pad fills s with spaces to width characters.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// raised begins a text with a capital letter.
func raised(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// lowered makes the start of a sentence fit inside another one; a word in
// capitals stays as it is.
func lowered(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[size:])
	if size == 0 || unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}
