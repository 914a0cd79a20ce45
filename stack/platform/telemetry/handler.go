package telemetry

import (
	"log/slog"
	"net/http"
	"time"
)

// ClientClosed is the code under which a request is counted whose client went
// away before it had an answer. It is never sent.
const ClientClosed = 499

// Handler gives every request an ID, counts it under the service that service
// names, and logs what went wrong: answers of 500 and above as warnings,
// everything else at debug level.
func Handler(next http.Handler, m *Metrics, log *slog.Logger, service func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		r, id := withRequestID(r)
		w.Header().Set(RequestIDHeader, id)
		rec := &recorder{ResponseWriter: w, code: http.StatusOK}
		finished := false
		defer func() {
			// A handler that panics (http.ErrAbortHandler) cut its answer off.
			if !finished || (!rec.wrote && r.Context().Err() != nil) {
				rec.code = ClientClosed
			}
			took := time.Since(start)
			m.Answered(service(r), rec.code, took)
			level := slog.LevelDebug
			if rec.code >= http.StatusInternalServerError {
				level = slog.LevelWarn
			}
			log.LogAttrs(r.Context(), level, "request", slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.Int("code", rec.code), slog.Duration("took", took))
		}()
		next.ServeHTTP(rec, r)
		finished = true
	})
}

// ServedByHeader names, in an answer, the replicas that had a part in it: the
// one that the client reached first. Each adds itself as a value of its own.
const ServedByHeader = "X-Served-By"

// ServedBy has next's answers name the replica; an empty name stays unsaid.
func ServedBy(replica string, next http.Handler) http.Handler {
	if replica == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(ServedByHeader, replica)
		next.ServeHTTP(w, r)
	})
}

// recorder remembers the status code of an answer.
type recorder struct {
	http.ResponseWriter
	code  int
	wrote bool
}

func (r *recorder) WriteHeader(code int) {
	if !r.wrote && code >= http.StatusOK {
		r.code, r.wrote = code, true
	}
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.wrote = true
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection's own methods.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
