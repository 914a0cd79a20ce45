package ansi

import "testing"

func TestStrip(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"plain text is left alone":                  {"a [31m b", "a [31m b"},
		"colours go":                                {"\x1b[1;31mred\x1b[0m", "red"},
		"cursor movements go":                       {"a\x1b[2K\x1b[1Ab", "ab"},
		"titles ended by BEL go":                    {"\x1b]0;title\x07x", "x"},
		"links ended by ST go":                      {"\x1b]8;;http://a\x1b\\x\x1b]8;;\x1b\\", "x"},
		"an endless sequence does not eat the text": {"\x1b]0;evidence", "\x1b]0;evidence"},
		"a lone escape is left for the caller":      {"a\x1b", "a\x1b"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Strip(tt.in); got != tt.want {
				t.Errorf("Strip(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
