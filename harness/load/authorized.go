package load

import "net/http"

// Authorized is a source whose requests carry an Authorization header; empty
// leaves them as they are.
func Authorized(s Source, authorization string) Source {
	if authorization == "" {
		return s
	}
	return func(seq uint64) Request {
		r := s(seq)
		header := make(http.Header, len(r.Header)+1)
		for name, values := range r.Header {
			header[name] = values
		}
		header.Set("Authorization", authorization)
		r.Header = header
		return r
	}
}
