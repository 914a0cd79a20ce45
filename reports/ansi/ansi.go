// Package ansi removes terminal control sequences from foreign text.
package ansi

import "regexp"

// sequence matches CSI (colours, cursor), OSC (titles, links) ended by BEL or
// ST, and the two-byte sequences (ECMA-48, sections 5.3 to 5.6). An OSC that
// never ends is no sequence: it must not swallow the rest of the text.
var sequence = regexp.MustCompile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[@-Z\\\\^_])")

// Strip returns s without terminal control sequences. Other control
// characters, a lone ESC included, are left for the caller to judge.
func Strip(s string) string { return sequence.ReplaceAllString(s, "") }
