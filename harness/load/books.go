package load

import (
	"net/http"
	"time"

	"github.com/fournines/fournines/harness/ledger"
)

// enter puts a request that writes into the books.
func (x *exchange) enter(r Request, intended time.Time, a answer) {
	if x.Book == nil || r.Write == nil {
		return
	}
	x.Book.Enter(ledger.Entry{
		Key: r.Write.Key, Digest: r.Write.Digest,
		Intended: intended, Sent: a.sent, Answered: time.Now(), Fate: a.fate(),
	})
}

// fate is what a client knows of its write after an answer. Only a whole answer
// decides: one that was cut off may have been any. A success is an
// acknowledgement whatever its body says, because a client that does not look
// at it relies on the write. A refusal means that nothing was done, but for 408
// (whoever gave up waiting does not know).
func (a answer) fate() ledger.Fate {
	switch {
	case !a.whole:
	case a.status >= 200 && a.status <= 299:
		return ledger.Acknowledged
	case a.status >= 400 && a.status <= 499 && a.status != http.StatusRequestTimeout:
		return ledger.Rejected
	}
	return ledger.Unknown
}
