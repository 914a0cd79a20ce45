package process

import (
	"net/http"
	"runtime"
	"time"
)

// Working gives each request to a handler a cost: at least work of processor
// time, whatever the machine, after which the answer goes out. So many requests
// are as much load on a quick machine as on a slow one then. 0 leaves the handler
// as it is. Where the system does not count the processor time of threads, work
// is time that passes.
func Working(handler http.Handler, work time.Duration) http.Handler {
	if work <= 0 {
		return handler
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		runtime.LockOSThread()
		for until := threadTime() + work; threadTime() < until && r.Context().Err() == nil; {
			spin()
		}
		runtime.UnlockOSThread()
		handler.ServeHTTP(w, r)
	})
}

// spin is some microseconds of work.
func spin() {
	x := uint64(1)
	for range 5000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	runtime.KeepAlive(x)
}
