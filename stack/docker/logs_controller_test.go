package docker

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

func TestFollowLogOfController(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := &controller{runID: "r", dir: t.TempDir()}
	path := filepath.Join(c.dir, "controller.log")
	say := func(text string) {
		t.Helper()
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	line := func(after time.Duration, msg string) string {
		return fmt.Sprintf(`{"time":%q,"msg":%q}`, logBase.Add(after).Format(time.RFC3339Nano), msg)
	}
	say(line(-time.Second, "before") + "\nno time, before\n" + line(time.Second, "since") + "\n")
	got := make(chan stack.LogLine, 10)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.followLog(ctx, logBase, func(l stack.LogLine) { got <- l })
	}()
	want := func(text string, at time.Time) {
		t.Helper()
		l := <-got
		if string(l.Text) != text || l.Replica != stack.Controller || l.Component != stack.Controller || l.Size != len(text) {
			t.Fatalf("line %+v with text %q, want %q", l, l.Text, text)
		}
		if !at.IsZero() && !l.Time.Equal(at) {
			t.Errorf("%q has the time %v, want %v", text, l.Time, at)
		}
	}
	want(line(time.Second, "since"), logBase.Add(time.Second))
	half := line(2*time.Second, "in two pieces")
	say(half[:10])
	say(half[10:] + "\npanic: no JSON\n")
	want(half, logBase.Add(2*time.Second))
	want("panic: no JSON", time.Time{})
	say(line(3*time.Second, "the last") + "\n")
	cancel()
	<-ended
	want(line(3*time.Second, "the last"), logBase.Add(3*time.Second))
}
