package harness

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWorstWindowsOfEachLength(t *testing.T) {
	s := resting(.9999, seconds(30))
	got := Measure(trialOf(s, failing(12, 12.5, 1), failing(18, 19, 1))).Worst
	want := []WorstWindow{
		{Window{seconds(18), seconds(19)}, 0},
		{Window{seconds(14), seconds(19)}, .8},
		{Window{seconds(9), seconds(19)}, .85},
		{Window{seconds(5), seconds(35)}, .95},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("worst windows; a minute is longer than the trial (-want +got):\n%s", diff)
	}
}

func TestTimeWithoutEventsTakesNoSideInAWindow(t *testing.T) {
	last := 900 * time.Millisecond
	ticks := ticksOf(20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20)
	ticks = append(ticks, tickAt{Window{100 * time.Second, 100*time.Second + TickWidth}, Tick{Scheduled: 20}})
	var want []WorstWindow
	for _, length := range windowLengths {
		want = append(want, WorstWindow{Window{last, last + length}, 0})
	}
	if diff := cmp.Diff(want, worstWindows(ticks)); diff != "" {
		t.Errorf("worst windows (-want +got):\n%s", diff)
	}
	if got := worstWindows(nil); got != nil {
		t.Errorf("of nothing: got %v", got)
	}
}
