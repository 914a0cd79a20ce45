package matchers_test

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	. "github.com/fournines/fournines/harness/matchers"
	. "github.com/onsi/gomega"
)

// A suite hands the verdict of harness.Judge to the matchers. Here the
// failures are printed; a test would use NewWithT(t) or Ginkgo.
func Example() {
	g := NewGomega(func(message string, _ ...int) { fmt.Println(message) })
	verdict := harness.Verdict{
		Scenario: "catalog-replica-kill",
		Outcome:  harness.Pass,
		Trials: []harness.Measurement{{
			Trial: 1, Scheduled: 10_500, Bad: 21, Classes: map[harness.Class]int{harness.Reset: 21},
			Recovery: harness.RecoveryTime{
				Applies: true,
				Total:   harness.Phase{Name: harness.TotalPhase, State: harness.Seen, Length: 2 * time.Second, Resolution: 3 * time.Millisecond},
			},
		}},
	}

	g.Expect(verdict).To(MeetObjectives())
	g.Expect(verdict).To(RecoverWithin(10 * time.Second))
	g.Expect(verdict).To(LoseAtMost(0.0001))
	// Output:
	// expected scenario "catalog-replica-kill" to lose at most 0.01 % of the requests, but
	//   trial 1: 21 of 10500 requests failed (0.2 %): 21 reset
	// what to do: look at the time line of the trials named above; fournines judge shows it again from the saved evidence
}

func ExampleDetectWithin() {
	g := NewGomega(func(message string, _ ...int) { fmt.Println(message) })
	unwatched := harness.Measurement{Trial: 1, Recovery: harness.RecoveryTime{Applies: true}}

	g.Expect(unwatched).To(DetectWithin(2 * time.Second))
	g.Expect(unwatched).NotTo(DetectWithin(2 * time.Second))
	// Output:
	// expected to detect the fault within 2s: not known of the stack: trial 1: detection was not observed: that is not 0, and an observer of it is needed
	// expected to detect the fault within 2s: not known of the stack: trial 1: detection was not observed: that is not 0, and an observer of it is needed
}
