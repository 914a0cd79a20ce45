package docker

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestAnAgentIsAnOrphanWhenNobodySpeaksToIt(t *testing.T) {
	own := strings.Fields(starter())
	if len(own) != 4 {
		t.Fatalf("this process is named %q; want host, namespace, number and begin", own)
	}
	ended := exec.Command("true")
	if err := ended.Start(); err != nil {
		t.Skipf("nothing was tested: %v", err)
	}
	began := processBegan(ended.Process.Pid)
	if err := ended.Wait(); err != nil {
		t.Fatal(err)
	}
	name := func(host, numbers string, pid int, began string) map[string]string {
		return map[string]string{labelStarter: fmt.Sprintf("%s %s %d %s", host, numbers, pid, began)}
	}
	living := map[string]string{labelStarter: starter()}
	of := func(run string, labels map[string]string) map[string]string {
		labels = map[string]string{labelStarter: labels[labelStarter], labelRun: run}
		return labels
	}
	gone := name(own[0], own[1], ended.Process.Pid, began)
	for _, tt := range []struct {
		name   string
		labels map[string]string
		age    time.Duration
		want   bool
	}{
		{"its process lives", living, time.Second, false},
		{"its process is gone", gone, time.Second, true},
		{"another process has the number now", name(own[0], own[1], os.Getpid(), own[3]+"0"), time.Second, true},
		{"of another machine", name("elsewhere", own[1], ended.Process.Pid, began), time.Second, false},
		{"of another namespace", name(own[0], "pid:[1]", ended.Process.Pid, began), time.Second, false},
		{"of a version that did not say", map[string]string{}, time.Second, false},
		{"older than any lease", map[string]string{}, 2 * time.Hour, true},
		{"of a dead run", of("dead", living), time.Second, true},
		{"of a living run", of("living", living), 2 * time.Hour, false},
		{"beside the kept stack of another run, and its process is gone", of("living", gone), time.Second, true},
	} {
		if got := orphaned(tt.labels, map[string]bool{"dead": true, "living": false}, tt.age); got != tt.want {
			t.Errorf("%s: orphan %v; want %v", tt.name, got, tt.want)
		}
	}
}
