package docker

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack"
)

func TestEvents(t *testing.T) {
	base := time.Now().Add(time.Hour) // events of the past are not ours
	line := func(after time.Duration, action, replica, extra string) string {
		return fmt.Sprintf(`{"Type":"container","Action":%q,"Actor":{"ID":"x","Attributes":{"io.fournines.replica":%q%s}},"timeNano":%d}`+"\n",
			action, replica, extra, base.Add(after).UnixNano())
	}
	died := line(time.Second, "die", "catalog-2", `,"exitCode":"137"`)
	started := line(2*time.Second, "start", "catalog-2", "")
	paused := line(2*time.Second, "pause", "gateway-1", "")

	t.Run("a stream that breaks is taken up where it broke: nothing twice, nothing missed", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var calls atomic.Int32
		e := fakeEngine(t, map[string]http.HandlerFunc{"GET /events": func(w http.ResponseWriter, r *http.Request) {
			switch calls.Add(1) {
			case 1:
				fmt.Fprint(w, line(-2*time.Hour, "start", "old", ""), died, started)
			case 2:
				want := fmt.Sprintf("%d.%09d", base.Add(2*time.Second).Unix(), base.Nanosecond())
				if got := r.URL.Query().Get("since"); got != want {
					t.Errorf("since = %q, want the time of the last event, %q", got, want)
				}
				fmt.Fprint(w, started, paused, line(3*time.Second, "exec_create", "catalog-2", ""))
			default:
				cancel()
				<-r.Context().Done()
			}
		}})
		var got []stack.Event
		if err := (&Stack{engine: e, runID: "r"}).Events(ctx, func(ev stack.Event) { got = append(got, ev) }); err != nil {
			t.Fatal(err)
		}
		at := func(d time.Duration) time.Time { return time.Unix(0, base.Add(d).UnixNano()) }
		want := []stack.Event{
			{Time: at(time.Second), Replica: "catalog-2", Kind: "died", Detail: "exit code 137"},
			{Time: at(2 * time.Second), Replica: "catalog-2", Kind: "started"},
			{Time: at(2 * time.Second), Replica: "gateway-1", Kind: "paused"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
	t.Run("an engine that is gone is an error, and leaves no goroutine", func(t *testing.T) {
		before := goleak.IgnoreCurrent()
		t.Cleanup(func() { goleak.VerifyNone(t, before) }) // after the engine has ended
		var calls atomic.Int32
		e := fakeEngine(t, map[string]http.HandlerFunc{"GET /events": func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			http.Error(w, `{"message":"dying"}`, http.StatusInternalServerError)
		}})
		err := (&Stack{engine: e, runID: "r"}).Events(t.Context(), func(stack.Event) {})
		if err == nil || calls.Load() != eventRetries+1 {
			t.Errorf("Events = %v after %d tries, want an error after %d", err, calls.Load(), eventRetries+1)
		}
	})
}
