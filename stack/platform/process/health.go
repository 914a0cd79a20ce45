package process

import (
	"errors"
	"io"
	"net/http"
)

const (
	// LivePath answers 200 as long as the program runs.
	LivePath = "/-/live"
	// ReadyPath answers 200 when traffic may be sent to the program and else
	// 503 with the reason. It is served on the admin port and on the traffic
	// port, where those who send traffic see what traffic would see.
	ReadyPath = "/-/ready"
	// ServiceHeader names the service that a request is meant for. An address
	// can belong to another program by the time that a request gets there:
	// container engines give those of the dead to the next who asks. The wrong
	// program answers 421 and has done nothing (RFC 9110, section 15.5.20).
	ServiceHeader = "X-Fournines-Service"
)

// adminHandler serves the admin port.
func (l *lifeCycle) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+LivePath, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "live") })
	mux.HandleFunc("GET "+ReadyPath, l.ready)
	mux.Handle("GET /metrics", l.Metrics)
	for pattern, handler := range l.Routes {
		mux.Handle(pattern, handler)
	}
	return mux
}

// trafficHandler serves the traffic port.
func (l *lifeCycle) trafficHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+ReadyPath, l.ready)
	mux.Handle("/", l.Handler)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.draining.Load() {
			w.Header().Set("Connection", "close") // clients come back to somebody else
		}
		if meant := r.Header.Get(ServiceHeader); l.Service != "" && meant != "" && meant != l.Service {
			w.Header().Set("Connection", "close")
			say(w, http.StatusMisdirectedRequest, "this is "+l.Service+", not "+meant)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// ready answers a readiness check.
func (l *lifeCycle) ready(w http.ResponseWriter, _ *http.Request) {
	err := l.Ready()
	if l.draining.Load() {
		err = errors.New("draining")
	}
	if err != nil {
		say(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
		return
	}
	say(w, http.StatusOK, "ready")
}

// say answers with one line of text.
func say(w http.ResponseWriter, code int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, line+"\n")
}
