package netqueue

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// drain waits until everything was let go that is in the queue, when nothing
// comes in any more. It gives up after a while: what is left is lost.
func (r *reader) drain() {
	for range 100 {
		line, err := os.ReadFile("/proc/thread-self/net/netfilter/nfnetlink_queue")
		if err != nil || waiting(string(line), r.number) == 0 {
			return
		}
		r.nudge()
		select {
		case <-r.done:
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// waiting is how many packets a queue holds, by the kernel's list of queues.
func waiting(list string, number uint16) int {
	for line := range strings.Lines(list) {
		var n, reader, total int
		if _, err := fmt.Sscan(line, &n, &reader, &total); err == nil && n == int(number) {
			return total
		}
	}
	return 0
}

// processorTime is what its thread has used so far; 0 when nobody says.
func (r *reader) processorTime() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/schedstat", r.tid.Load()))
	var used int64
	if err == nil {
		_, err = fmt.Sscan(string(text), &used)
	}
	if err != nil {
		return 0
	}
	return time.Duration(used)
}
