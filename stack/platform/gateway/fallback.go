package gateway

import (
	"io"
	"net/http"
)

// FallbackHeader marks an answer that is a route's fallback and not the
// service's; its value is the status that was replaced.
const FallbackHeader = "X-Fournines-Fallback"

// Fallback is what a route answers to reads when its service does not: less
// than the truth, and better than nothing for those who can do with it.
type Fallback struct {
	// Status is 200 to 299, Body JSON.
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// fallBack answers in place of a service that did not, and reports whether it
// did: only reads have a fallback, and only where the route has one.
func (u *resilience) fallBack(w http.ResponseWriter, r *http.Request, route Route, code int) bool {
	if route.Fallback == nil || code < http.StatusInternalServerError || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	u.pool.guard.FellBack(route.Service)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set(FallbackHeader, http.StatusText(code))
	w.WriteHeader(route.Fallback.Status)
	_, _ = io.WriteString(w, route.Fallback.Body)
	return true
}
