package reports

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSpans(t *testing.T) {
	for text, want := range map[string][]span{
		"":                     {{Text: ""}},
		"plain":                {{Text: "plain"}},
		"type `a b` here":      {{Text: "type "}, {Code: true, Text: "a b"}, {Text: " here"}},
		"`a`":                  {{Code: true, Text: "a"}},
		"an odd ` stays":       {{Text: "an odd ` stays"}},
		"`a` and an odd ` too": {{Code: true, Text: "a"}, {Text: " and an odd ` too"}},
	} {
		if d := cmp.Diff(want, spans(text)); d != "" {
			t.Errorf("spans(%q): %s", text, d)
		}
	}
}
