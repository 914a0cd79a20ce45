package observe

import (
	"context"
	"time"

	"github.com/fournines/fournines/harness"
)

// Quiet is how long a source is away before its silence is a signal: longer
// than a question that is not answered, and the pause before the next.
const Quiet = 2 * time.Second

// quiet watches over one source for times in which it gave no answer.
type quiet struct {
	source string
	emit   func(harness.Signal)
	// last is when the source was heard last; the beginning counts.
	last time.Time
}

// quietly begins to watch over a source. emit is called from where the methods
// are.
func quietly(source string, emit func(harness.Signal)) *quiet {
	return &quiet{source: source, emit: emit, last: time.Now()}
}

// listen is ask, of which every answer without an error is noted.
func (q *quiet) listen(ask func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := ask(ctx)
		if err == nil {
			q.heard(time.Now())
		}
		return err
	}
}

// heard notes an answer and emits the silence before it, if there was one.
func (q *quiet) heard(at time.Time) {
	if at.After(q.last) {
		q.until(at)
		q.last = at
	}
}

// until emits the silence between the last answer and at, when it is no shorter
// than Quiet: a signal of kind silent whose resolution is its length.
func (q *quiet) until(at time.Time) {
	if silent := at.Sub(q.last); silent >= Quiet {
		q.emit(harness.Signal{Time: at, Resolution: silent, Source: q.source, Kind: harness.Silent})
	}
}
