package docker

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// starter names this process among all that ever ran here: the value of
// labelStarter. It is "" where that cannot be told.
func starter() string {
	host, err := os.Hostname()
	began, numbers := processBegan(os.Getpid()), pidNamespace()
	if err != nil || began == "" || numbers == "" {
		return ""
	}
	return fmt.Sprintf("%s %s %d %s", host, numbers, os.Getpid(), began)
}

// starterGone reports whether the process that a labelStarter names has ended;
// false where that cannot be seen from here.
func starterGone(label string) bool {
	host, err := os.Hostname()
	fields := strings.Fields(label)
	if err != nil || len(fields) != 4 || fields[0] != host || fields[1] != pidNamespace() {
		return false
	}
	pid, err := strconv.Atoi(fields[2])
	return err == nil && processGone(pid, fields[3])
}

// agentForgotten is the age at which an agent is an orphan when nothing else is
// known of who started it: more than the longest lease.
const agentForgotten = 65 * time.Minute

// orphaned reports whether nobody speaks to an agent any more. dead tells, of
// the runs that have something in the engine, whether nobody wants them.
func orphaned(labels map[string]string, dead map[string]bool, age time.Duration) bool {
	if run, claimed := labels[labelRun]; claimed && dead[run] || starterGone(labels[labelStarter]) {
		return true
	}
	_, claimed := labels[labelRun]
	return !claimed && age >= agentForgotten
}
