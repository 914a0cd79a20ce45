package rig

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/ledger"
	"github.com/fournines/fournines/harness/load"
	"github.com/fournines/fournines/harness/readback"
	"github.com/fournines/fournines/stack"
)

const (
	// readbackEvery costs the stack one small read, and is the resolution of
	// when data could be read again.
	readbackEvery = 200 * time.Millisecond
	// readbackClient is as whom it is read.
	readbackClient = "ledger"
)

// books are what the load of one trial writes. The zero value is of a load that
// only reads.
type books struct {
	// writer is whose writes they are: another in every trial, because a stack
	// may have been written to before by the same plan. It is the one thing that
	// does not come from the seed; what is written, and when, does.
	writer string
	book   *ledger.Book
	source readback.Source
}

// newBooks opens the books where the plan's mix writes.
func newBooks(plan harness.Plan, st stack.Stack) (books, error) {
	spec := plan.Scenario.Load
	edge, ok := st.URL(stack.Edge)
	if spec.URL != "" || !load.Writes(spec.Mix) || !ok { // newLoad says that there is no edge
		return books{}, nil
	}
	token, err := tokenOf(st, readbackClient)
	if err != nil {
		return books{}, err
	}
	trust, err := trustOf(st)
	if err != nil {
		return books{}, err
	}
	writer := fmt.Sprintf("%s-%d-%s", spec.Mix, plan.Trial, strings.ToLower(rand.Text()[:10]))
	return books{
		writer: writer, book: ledger.NewBook(time.Now()),
		source: readback.Source{Edge: edge, Client: writer, Authorization: token, Trust: trust},
	}, nil
}

// other is the writer of traffic beside the load, whose writes are in no book.
func (b books) other(name string) string {
	if b.writer == "" {
		return ""
	}
	return b.writer + "-" + name
}

// ledger reads back what the book holds; nil when nothing is written.
func (b books) ledger() harness.Ledger {
	if b.book == nil {
		return nil
	}
	return readback.NewLedger(b.book, readback.NewOrders(b.source))
}

// observers see when what was written can be read.
func (b books) observers() []harness.Observer {
	if b.book == nil {
		return nil
	}
	return []harness.Observer{readback.Watch(b.book, readback.NewOrders(b.source), readbackEvery)}
}
