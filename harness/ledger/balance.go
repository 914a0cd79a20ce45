package ledger

import (
	"cmp"
	"slices"
	"time"
)

// mostExamples is how many writes of each kind a Balance names.
const mostExamples = 5

// Balance compares what was written with what was found since the last Reopen.
// Its times count from the given start.
func (b *Book) Balance(start time.Time) Balance {
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := Balance{Unkept: b.spill, Rows: b.rows, Phantom: b.strangers}
	shift := b.base.Sub(start)
	examples := map[string][]Example{}
	wrong := func(kind, key string, w *write) {
		examples[kind] = first(append(examples[kind], Example{
			Kind: kind, Key: key, Copies: w.copies, Known: true,
			Intended: w.intended + shift, Sent: w.sent + shift, Answered: w.answered + shift,
		}))
	}
	for key, w := range b.kept {
		if w.copies > 1 {
			sum.Duplicated += w.copies - 1
			wrong(DuplicatedWrite, key, w)
		}
		switch w.fate {
		case Acknowledged:
			sum.Acknowledged++
			if w.copies == 0 {
				sum.Lost++
				wrong(LostWrite, key, w)
			}
		case Rejected:
			sum.Rejected++
			if w.copies > 0 {
				sum.Phantom++
				wrong(PhantomWrite, key, w)
			}
		default:
			sum.Unknown++
			if w.copies > 0 {
				sum.Done++
			} else {
				sum.NotDone++
			}
		}
	}
	for _, key := range b.odd {
		examples[PhantomWrite] = append(examples[PhantomWrite], Example{Kind: PhantomWrite, Key: key, Copies: 1})
	}
	for _, kind := range []string{LostWrite, DuplicatedWrite, PhantomWrite} {
		sum.Examples = append(sum.Examples, examples[kind][:min(len(examples[kind]), mostExamples)]...)
	}
	sum.RPO = b.rpo()
	return sum
}

// first keeps the examples that were answered first.
func first(all []Example) []Example {
	slices.SortFunc(all, func(a, b Example) int {
		return cmp.Or(cmp.Compare(a.Answered, b.Answered), cmp.Compare(a.Key, b.Key))
	})
	return all[:min(len(all), mostExamples)]
}

// rpo is Balance.RPO; b.mu is held.
func (b *Book) rpo() time.Duration {
	var oldest, newest *write
	for _, w := range b.kept {
		if w.fate != Acknowledged || w.copies > 0 {
			continue
		}
		if oldest == nil || w.answered < oldest.answered {
			oldest = w
		}
		if newest == nil || w.answered > newest.answered {
			newest = w
		}
	}
	if oldest == nil {
		return 0
	}
	from, kept := oldest.sent, false
	for _, w := range b.kept {
		if w.fate == Acknowledged && w.copies > 0 && w.answered < oldest.answered && (!kept || w.answered > from) {
			from, kept = w.answered, true
		}
	}
	return newest.answered - from
}
