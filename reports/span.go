package reports

import "strings"

// span is a piece of prose; code is meant to be typed.
type span struct {
	Code bool
	Text string
}

// spans splits prose at backticks, which stand around what is to be typed. An
// odd one is a plain character.
func spans(text string) []span {
	var all []span
	for {
		before, rest, ok := strings.Cut(text, "`")
		code, after, closed := strings.Cut(rest, "`")
		if !ok || !closed {
			return append(all, span{Text: text})
		}
		if before != "" {
			all = append(all, span{Text: before})
		}
		all = append(all, span{Code: true, Text: code})
		if text = after; text == "" {
			return all
		}
	}
}
