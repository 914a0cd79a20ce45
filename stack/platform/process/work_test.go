//go:build linux

package process

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"
)

func TestWorkingCostsProcessorTime(t *testing.T) {
	served := 0
	page := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ })
	for _, work := range []time.Duration{0, 3 * time.Millisecond, 20 * time.Millisecond} {
		runtime.LockOSThread() // the handler runs in this thread, and locks it once more
		before := threadTime()
		Working(page, work).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		used := threadTime() - before
		runtime.UnlockOSThread()
		if used < work || used > work+50*time.Millisecond {
			t.Errorf("a request that costs %v used %v", work, used)
		}
	}
	if served != 3 {
		t.Errorf("the handler served %d of 3 requests", served)
	}
}
