package reports

import "strings"

// mdEscapes makes foreign text inert in GitHub's and GitLab's Markdown: no
// markup, no HTML, no table cells, no mentions that call people.
var mdEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "|", `\|`, "*", `\*`, "_", `\_`, "~", `\~`,
	"[", `\[`, "]", `\]`, "#", `\#`, "$", `\$`, "!", `\!`,
	// A zero-width space after @ and before :// keeps text from calling
	// people and from becoming a link.
	"@", "@\u200b", "://", "\u200b://",
)

// md writes foreign text on one line of Markdown.
func md(s string) string { return mdEscapes.Replace(line(s)) }

// code writes foreign text as a code span: the fence is longer than any run
// of backticks within.
func code(s string) string {
	s = line(s)
	longest, run := 0, 0
	for _, r := range s {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 {
		s = " " + s + " "
	}
	return fence + s + fence
}

// mdProse is md for our own prose, which has what is to be typed in backticks.
func mdProse(text string) string {
	var b strings.Builder
	for _, s := range spans(line(text)) {
		if s.Code {
			b.WriteString(code(s.Text))
		} else {
			b.WriteString(mdEscapes.Replace(s.Text))
		}
	}
	return b.String()
}
