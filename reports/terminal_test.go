package reports

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fournines/fournines/reports/ansi"
)

func TestTerminal(t *testing.T) {
	text := func(s sample, o TerminalOptions) string {
		o.Evidence = s.evidence
		return string(render(t, func(w io.Writer) error { return Terminal(w, s.verdicts, o) }))
	}
	for name, s := range samples() {
		t.Run(name+": without colour there is no escape, and colour adds nothing else", func(t *testing.T) {
			plainText, coloured := text(s, TerminalOptions{Width: 90}), text(s, TerminalOptions{Width: 90, Color: true})
			if strings.Contains(plainText, "\x1b") {
				t.Error("an escape without colour")
			}
			if ansi.Strip(coloured) != plainText {
				t.Errorf("coloured text differs:\n%s\n%s", ansi.Strip(coloured), plainText)
			}
		})
		t.Run(name+": prose keeps to the width and nothing ends in spaces", func(t *testing.T) {
			for l := range strings.Lines(text(s, TerminalOptions{Width: 72})) {
				l = strings.TrimSuffix(l, "\n")
				if strings.HasPrefix(l, "  run again ") && l == strings.TrimRight(l, " ") {
					continue // a command is made to be copied: it is never broken
				}
				if utf8.RuneCountInString(l) > 72 || l != strings.TrimRight(l, " ") {
					t.Errorf("%d characters: %q", utf8.RuneCountInString(l), l)
				}
			}
		})
	}
	t.Run("the first line is the verdict's word and the scenario", func(t *testing.T) {
		if got := text(failSample(), TerminalOptions{}); !strings.HasPrefix(got, "FAIL  catalog-replica-kill\n") {
			t.Errorf("starts with %q", got[:40])
		}
	})
	t.Run("the banner comes before anything else", func(t *testing.T) {
		if got := text(inconclusiveSample(), TerminalOptions{}); !strings.HasPrefix(got, "!  No container engine answers") {
			t.Errorf("starts with %q", got[:40])
		}
	})
	t.Run("what was not observed is a question mark, never a 0", func(t *testing.T) {
		if got := text(failSample(), TerminalOptions{}); !strings.Contains(got, "nobody was seen to name the broken part") {
			t.Error("the missing diagnosis is not said")
		}
	})
	t.Run("a writer that fails is an error", func(t *testing.T) {
		if err := Terminal(failing{}, passSample().verdicts, TerminalOptions{}); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("Terminal = %v, want %v", err, io.ErrShortWrite)
		}
	})
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
