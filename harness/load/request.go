package load

import (
	"net/http"

	"github.com/fournines/fournines/harness/ledger"
)

// Request is one HTTP request and what makes its answer right.
type Request struct {
	// Method is GET when empty.
	Method string
	// URL is absolute.
	URL    string
	Header http.Header
	Body   []byte
	// Want is the status that a right answer has; 0 means any of 200 to 299.
	Want int
	// Check returns nil when the body of an answer with the right status is
	// right; its error says what was expected and seen. It may be called
	// concurrently and must not keep body. Nil means that any body will do.
	Check func(body []byte) error
	// Write is what the request writes, for Config.Book; nil when it only reads.
	Write *ledger.Row
}

// Source makes the request with a given place in the schedule, from 0. It is
// a pure function of seq and may be called concurrently.
type Source func(seq uint64) Request

// wants reports whether status is the right one for r.
func (r Request) wants(status int) bool {
	if r.Want != 0 {
		return status == r.Want
	}
	return status >= 200 && status <= 299
}

func (r Request) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}
