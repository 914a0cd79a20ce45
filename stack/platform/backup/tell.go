package backup

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/fournines/fournines/stack/platform/transition"
	"github.com/fournines/fournines/stack/platform/vault"
)

// Kinds of transitions; their subject is the replica.
const (
	// BackedUpKind: a base backup was made, compared with its sums, and is kept.
	BackedUpKind = "backed-up"
	// VerifiedKind: a drill restored what the database held; FailedKind: one did
	// not, or had nothing to compare.
	VerifiedKind = "restore-verified"
	FailedKind   = "restore-failed"
)

// longestDetail is how many characters of a problem are told.
const longestDetail = 500

// tellBase tells of a base backup.
func (b *backup) tellBase(base vault.Base) {
	b.told.Add(transition.Transition{
		Time: base.Ended, Kind: BackedUpKind, Subject: b.Name,
		Detail: fmt.Sprintf("base %s, %d bytes, made in %.1f s", base.Label, base.Bytes, base.Ended.Sub(base.Began).Seconds()),
	})
}

// tellDrill tells how an attempt to restore ended.
func (b *backup) tellDrill(d Drill) {
	t := transition.Transition{Time: d.Ended, Kind: VerifiedKind, Subject: b.Name}
	switch {
	case !d.Verified:
		t.Kind, t.Detail = FailedKind, oneLine(d.Problem)
	case d.Tables == 0:
		t.Kind, t.Detail = FailedKind, fmt.Sprintf("base %s was restored, but the database has no table: want one to compare, saw none", d.Base)
	default:
		t.Detail = fmt.Sprintf("base %s, %d tables, %d rows, restored in %.1f s", d.Base, d.Tables, d.Rows, d.RestoreSeconds)
	}
	b.told.Add(t)
}

// colour is a control sequence of a terminal.
var colour = regexp.MustCompile(`\x1b\[[0-9;?]*[ -/]*[@-~]`)

// oneLine is text without colours and breaks, and not longer than it is read.
func oneLine(text string) string {
	words := strings.FieldsFunc(colour.ReplaceAllString(text, ""), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	line := []rune(strings.Join(words, " "))
	if len(line) > longestDetail {
		return string(line[:longestDetail]) + "…"
	}
	return string(line)
}
