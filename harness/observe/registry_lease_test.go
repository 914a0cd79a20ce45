package observe

import (
	"errors"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestExpiry(t *testing.T) {
	away := errors.New("no leader")
	type answer struct {
		left int64
		err  error
	}
	tests := []struct {
		rule    string
		answers []answer // the last one is repeated
		hurry   bool     // there is no time to ask again
		want    harness.Kind
		detail  string
		asked   int
	}{
		{"a lease that is gone has expired", []answer{{left: leaseGone}}, false, harness.LeaseExpired, "its lease is gone", 1},
		{"a lease that is alive means a farewell", []answer{{left: 1}}, false, harness.Deregistered, "while its lease was alive", 1},
		{"a lease that is about to end is asked for again until it is gone", []answer{{left: 0}, {left: 0}, {left: leaseGone}}, false, harness.LeaseExpired, "its lease is gone", 3},
		{"a lease that stays in its last second means a farewell", []answer{{left: 0}}, false, harness.Deregistered, "last second", leaseAsks},
		{"a lease that nobody tells of is asked for again", []answer{{err: away}, {left: 2}}, false, harness.Deregistered, "alive", 2},
		{"a lease that nobody ever tells of is taken for expired, and that is said", []answer{{err: away}}, false, harness.LeaseExpired, "no leader", leaseAsks},
		{"at the end nobody is asked again", []answer{{err: away}}, true, harness.LeaseExpired, "no leader", 1},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			asked := 0
			kind, detail := expiry(func() (int64, error) {
				a := test.answers[min(asked, len(test.answers)-1)]
				asked++
				return a.left, a.err
			}, func() bool { return !test.hurry })
			if kind != test.want || !strings.Contains(detail, test.detail) || asked != test.asked {
				t.Errorf("expiry = %q, %q after asking %d times; want %q, a detail with %q, %d times",
					kind, detail, asked, test.want, test.detail, test.asked)
			}
		})
	}
}
