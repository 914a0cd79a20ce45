package gateway

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
)

// result says how one try at an endpoint ended. The set is fixed: it is a
// metric's label.
type result string

const (
	ok          result = "ok"
	serverError result = "5xx"
	timedOut    result = "timeout"
	refused     result = "refused"
	reset       result = "reset"
	// misdirected: another program has the endpoint's address by now, and has
	// done nothing.
	misdirected result = "misdirected"
	// canceled: the client went away, the request's time was up, or another try
	// of it has been answered.
	canceled result = "canceled"
	other    result = "other"
)

// failed reports whether the endpoint is to blame.
func (r result) failed() bool { return r != ok && r != canceled }

// String is the result in words.
func (r result) String() string {
	switch r {
	case ok:
		return "good answer"
	case serverError:
		return "server error"
	case timedOut:
		return "no answer in time"
	case refused:
		return "connection refused"
	case reset:
		return "connection reset"
	case misdirected:
		return "somebody else's address"
	case canceled:
		return "canceled"
	default:
		return "connection failed"
	}
}

// classify says how a try ended. request is the context of the whole request,
// try that of the one try.
func classify(request, try context.Context, resp *http.Response, err error) result {
	var timeout net.Error
	switch {
	case err == nil && resp.StatusCode >= http.StatusInternalServerError && resp.StatusCode != http.StatusNotImplemented:
		return serverError
	case err == nil && resp.StatusCode == http.StatusMisdirectedRequest:
		return misdirected
	case err == nil:
		return ok
	case request.Err() != nil, context.Cause(try) == errLost:
		return canceled
	case try.Err() != nil:
		return timedOut
	case errors.Is(err, syscall.ECONNREFUSED):
		return refused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return reset
	case errors.As(err, &timeout) && timeout.Timeout():
		return timedOut
	default:
		return other
	}
}
