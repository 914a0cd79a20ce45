package reports

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlain(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"colours are dropped":                      {"\x1b[31mred\x1b[0m", "red"},
		"other control characters are shown":       {"a\x00b\x07", "a\ufffdb\ufffd"},
		"invalid bytes are shown":                  {"a\xffb", "a\ufffdb"},
		"direction overrides are shown":            {"a\u202eb", "a\ufffdb"},
		"tabs and line breaks stay":                {"a\tb\r\nc", "a\tb\nc"},
		"an escape that is no sequence is shown":   {"\x1b", "\ufffd"},
		"letters of every language are left alone": {"±Größe 数", "±Größe 数"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := plain(tt.in); got != tt.want {
				t.Errorf("plain(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestLine(t *testing.T) {
	if got, want := line(" a \n\n b\t c "), "a b c"; got != want {
		t.Errorf("line = %q, want %q", got, want)
	}
}

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{
		"at 95 % for 10 s, p99 9 ms": "at 95\u00a0% for 10\u00a0s, p99 9\u00a0ms",
		"3 seconds":                  "3 seconds",
	} {
		if got := sentence(in); got != want {
			t.Errorf("sentence(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	tests := map[string]struct {
		in    string
		width int
		want  []string
	}{
		"words are kept whole":              {"one two three", 8, []string{"one two", "three"}},
		"a long word has its own line":      {"a verylongword b", 5, []string{"a", "verylongword", "b"}},
		"nothing is one empty line":         {"", 10, []string{""}},
		"numbers stay with their units":     {"took 3\u00a0s", 6, []string{"took", "3\u00a0s"}},
		"characters are counted, not bytes": {"ää öö üü", 5, []string{"ää öö", "üü"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, wrap(tt.in, tt.width)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestClip(t *testing.T) {
	for n, want := range map[int]string{10: "abc def", 7: "abc def", 6: "abc d…", 5: "abc…", 1: "…", 0: ""} {
		if got := clip("abc def", n); got != want {
			t.Errorf("clip(%d) = %q, want %q", n, got, want)
		}
	}
}
