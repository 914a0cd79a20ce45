package observe

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func TestControllerEmitsWhatItsProcessesDecide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		answer := func(r *http.Request) (int, string, error) {
			line := func(seq int, at time.Duration, kind, subject string) string {
				return fmt.Sprintf(`{"seq":%d,"time":%q,"kind":%q,"subject":%q,"detail":"d"}`, seq, began.Add(at).Format(time.RFC3339Nano), kind, subject)
			}
			after := r.URL.Query().Get("after")
			switch since := time.Since(began); {
			case since < 2*time.Second && after == "0": // it is slow to answer for what comes
				return 200, fmt.Sprintf(`{"started":%q,"transitions":[%s,%s]}`, began.Format(time.RFC3339Nano),
					line(1, -time.Second, "noticed", "old"), line(2, time.Second, "noticed", "catalog-2")), nil
			case since < 2*time.Second:
				return 200, fmt.Sprintf(`{"started":%q,"transitions":[]}`, began.Format(time.RFC3339Nano)), nil
			case after == "0": // another process, which counts anew
				return 200, fmt.Sprintf(`{"started":%q,"transitions":[%s,%s]}`, began.Add(2*time.Second).Format(time.RFC3339Nano),
					line(1, 2*time.Second, "replaced", "catalog-2"), line(2, 2*time.Second, "something else", "x")), nil
			}
			return 200, fmt.Sprintf(`{"started":%q,"transitions":[]}`, began.Add(2*time.Second).Format(time.RFC3339Nano)), nil
		}
		c := controller(answering(answer), 200*time.Millisecond)
		var got []string
		for _, s := range signals(t, c, 5*time.Second) {
			got = append(got, fmt.Sprintf("%s %s %s %v", s.Source, s.Kind, s.Subject, s.Time.Sub(began)))
		}
		want := []string{"controller noticed catalog-2 1s", "controller replaced catalog-2 2s"}
		if !cmp.Equal(got, want) {
			t.Errorf("signals %q, want %q", got, want)
		}
	})
}

func TestWhatTheControllerSaysCounts(t *testing.T) {
	for kind, want := range map[harness.Kind][2]bool{
		harness.Noticed: {true, false}, harness.Restarted: {false, false}, harness.Placed: {false, false},
		harness.Healed: {false, true}, harness.Replaced: {false, true}, harness.Scaled: {false, false}, harness.ScaledIn: {false, false},
	} {
		if got := [2]bool{kind.Detects(), kind.Repairs()}; got != want {
			t.Errorf("%s detects and repairs: %v, want %v", kind, got, want)
		}
	}
}
