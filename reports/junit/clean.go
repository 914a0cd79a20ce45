package junit

import (
	"strings"
	"unicode/utf8"

	"github.com/fournines/fournines/reports/ansi"
)

// cutNote ends a text that was longer than MaxText.
const cutNote = "\n… cut: the rest is in the run directory"

// Clean makes any bytes fit for XML 1.0: ANSI sequences are dropped, invalid
// UTF-8 and runes that XML cannot hold become U+FFFD, and the text is cut to
// MaxText bytes at a rune's edge.
func Clean(s string) string {
	s = ansi.Strip(s)
	s = strings.Map(func(r rune) rune {
		if legal(r) {
			return r
		}
		return utf8.RuneError
	}, s)
	if len(s) <= MaxText {
		return s
	}
	cut := MaxText - len(cutNote)
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + cutNote
}

// legal is the Char production of XML 1.0, section 2.2.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xd7ff ||
		r >= 0xe000 && r <= 0xfffd ||
		r >= 0x10000 && r <= 0x10ffff
}
