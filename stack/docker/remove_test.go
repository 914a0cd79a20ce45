package docker

import (
	"errors"
	"io"
	"net/http"
	"testing"
)

func TestANetworkThatTheEngineDoesNotLetGoOfIsToldApart(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the engine as long as a run does")
	}
	say := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			io.WriteString(w, text)
		}
	}
	e := fakeEngine(t, map[string]http.HandlerFunc{
		"GET /containers/json": say(200, `[]`),
		"GET /networks":        say(200, `[{"Name":"net","Id":"1"}]`),
		"GET /volumes":         say(200, `{"Volumes":[]}`),
		"DELETE /networks/1":   say(403, `{"message":"error while removing network: network net id 1 has active endpoints"}`),
	})
	r, err := e.removeRun(t.Context(), "run")
	if !errors.Is(err, errLeaked) || !r.nothing() {
		t.Errorf("removeRun = %+v, %v; want nothing removed and %v", r, err, errLeaked)
	}
}
