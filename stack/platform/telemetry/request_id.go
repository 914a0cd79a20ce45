package telemetry

import (
	"context"
	"crypto/rand"
	"net/http"
)

// RequestIDHeader carries a request's ID from the client through every
// program and back.
const RequestIDHeader = "X-Request-Id"

// longestRequestID bounds what is taken from a client into log lines.
const longestRequestID = 64

type requestIDKey struct{}

// RequestID is the ID of the request that ctx belongs to, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// withRequestID gives r an ID: the client's if it is short and plain, else a
// new one. It is in the header and in the context of the returned request.
func withRequestID(r *http.Request) (*http.Request, string) {
	id := r.Header.Get(RequestIDHeader)
	if !plain(id) {
		id = rand.Text()
	}
	r = r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
	r.Header.Set(RequestIDHeader, id)
	return r, id
}

// plain reports whether id may be repeated in logs and headers.
func plain(id string) bool {
	if id == "" || len(id) > longestRequestID {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
