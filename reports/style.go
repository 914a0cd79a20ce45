package reports

import "github.com/fournines/fournines/harness"

// paint puts ANSI colours around words, or leaves them alone.
type paint bool

const (
	sgrReset  = "\x1b[0m"
	sgrBold   = "\x1b[1m"
	sgrDim    = "\x1b[2m"
	sgrRed    = "\x1b[31m"
	sgrGreen  = "\x1b[32m"
	sgrYellow = "\x1b[33m"
	sgrPurple = "\x1b[35m"
)

func (p paint) with(code, s string) string {
	if !p || s == "" {
		return s
	}
	return code + s + sgrReset
}

func (p paint) bold(s string) string { return p.with(sgrBold, s) }
func (p paint) dim(s string) string  { return p.with(sgrDim, s) }

// outcome colours s by what o means; the word itself always says it too.
func (p paint) outcome(o harness.Outcome, s string) string {
	switch o {
	case harness.Pass:
		return p.with(sgrGreen, s)
	case harness.Fail:
		return p.with(sgrRed, s)
	case harness.Invalid:
		return p.with(sgrPurple, s)
	}
	return p.with(sgrYellow, s)
}
