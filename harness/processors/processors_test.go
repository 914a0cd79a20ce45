package processors

import (
	"runtime"
	"testing"
)

func TestTheFirstLineOfTheKernelIsRead(t *testing.T) {
	got, err := parse("cpu  10 1 20 300 4 5 6 7 0 0")
	if want := (Times{All: 353, Idle: 304, Stolen: 7}); err != nil || got != want {
		t.Errorf("parse = %+v, %v; want %+v", got, err, want)
	}
	for _, line := range []string{"", "intr 1", "cpu 1 2 3 4 5 6 7", "cpu0 1 2 3 4 5 6 7 8"} {
		if _, err := parse(line); err == nil {
			t.Errorf("%q was taken", line)
		}
	}
}

func TestWhatWasSpentBetweenTwoLooks(t *testing.T) {
	before, after := Times{All: 100, Idle: 60, Stolen: 5}, Times{All: 300, Idle: 59, Stolen: 45}
	if got, want := after.Since(before), (Times{All: 200, Idle: 0, Stolen: 40}); got != want {
		t.Errorf("got %+v, want %+v: a counter that goes back stands still", got, want)
	}
}

func TestThisMachineIsRead(t *testing.T) {
	got, err := Read()
	if runtime.GOOS != "linux" {
		if err == nil {
			t.Errorf("read %+v on %s", got, runtime.GOOS)
		}
		return
	}
	if err != nil || got.All == 0 || got.Idle+got.Stolen > got.All {
		t.Errorf("read %+v, %v", got, err)
	}
}
