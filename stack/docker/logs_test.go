package docker

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack"
)

// logBase is the time of the first line in these tests.
var logBase = time.Date(2026, 11, 23, 14, 0, 0, 5, time.UTC)

// frame is a piece of output as the engine multiplexes it: 1 is stdout, 2 stderr.
func frame(stream byte, after time.Duration, text string) string {
	payload := logBase.Add(after).Format("2006-01-02T15:04:05.000000000Z07:00") + " " + text
	head := make([]byte, 8)
	head[0] = stream
	binary.BigEndian.PutUint32(head[4:], uint32(len(payload)))
	return string(head) + payload
}

// logEngine is an engine with one container, whose logs are answered in turn by
// each of answers, and which runs as long as there are more of them. done is
// called when all were read.
func logEngine(t *testing.T, tty bool, done func(), sinces *[]string, answers ...string) *engine {
	t.Helper()
	var calls atomic.Int32
	return fakeEngine(t, map[string]http.HandlerFunc{
		"GET /containers/json": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `[{"Id":"c1","Labels":{"io.fournines.replica":"catalog-2","io.fournines.component":"catalog"}},
				{"Id":"a1","Labels":{"io.fournines.replica":"catalog-2","io.fournines.component":"catalog","io.fournines.agent":"c1"}}]`)
		},
		"GET /containers/a1/json": func(http.ResponseWriter, *http.Request) { t.Error("an agent was taken for a replica") },
		"GET /events": func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
		"GET /containers/c1/json": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"Id":"c1","State":{"Running":%v},"Config":{"Tty":%v}}`, int(calls.Load()) < len(answers), tty)
		},
		"GET /containers/c1/logs": func(w http.ResponseWriter, r *http.Request) {
			n := int(calls.Add(1))
			*sinces = append(*sinces, r.URL.Query().Get("since"))
			if n > len(answers) {
				t.Errorf("the logs were asked for %d times, want %d", n, len(answers))
				return
			}
			io.WriteString(w, answers[n-1])
			if n == len(answers) {
				done()
			}
		},
	})
}

func TestFollowLogs(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	long := strings.Repeat("x", stack.LogLineBytes+5)
	at := func(after time.Duration, text string) stack.LogLine {
		return stack.LogLine{Time: logBase.Add(after), Replica: "catalog-2", Component: "catalog", Text: []byte(text), Size: len(text)}
	}
	cut := at(3*time.Second, long)
	cut.Text = cut.Text[:stack.LogLineBytes]
	for _, c := range []struct {
		rule    string
		tty     bool
		answers []string
		want    []stack.LogLine
	}{
		{"both outputs are read, and what was written before is not", false,
			[]string{frame(1, -time.Second, "old\n") + frame(1, 0, "one\n") + frame(2, time.Second, "two\n")},
			[]stack.LogLine{at(0, "one"), at(time.Second, "two")}},
		{"a stream that breaks is taken up where it broke: nothing twice, nothing missed", false,
			[]string{
				frame(1, time.Second, "a\n") + frame(1, time.Second, "b\n"),
				frame(1, time.Second, "a\n") + frame(1, time.Second, "b\n") + frame(1, time.Second, "c\n") + frame(2, 2*time.Second, "d\n"),
			},
			[]stack.LogLine{at(time.Second, "a"), at(time.Second, "b"), at(time.Second, "c"), at(2*time.Second, "d")}},
		{"times of the two outputs that are not in order lose nothing", false,
			[]string{frame(1, 2*time.Second, "late\n") + frame(2, time.Second, "early\n")},
			[]stack.LogLine{at(2*time.Second, "late"), at(time.Second, "early")}},
		{"of a line that is too long the beginning is read", false,
			[]string{frame(1, 3*time.Second, long+"\n") + frame(1, 4*time.Second, "next\n")},
			[]stack.LogLine{cut, at(4*time.Second, "next")}},
		{"a line in pieces is one, and one without an end is read", false,
			[]string{frame(1, time.Second, "half ") + string([]byte{1, 0, 0, 0, 0, 0, 0, 5}) + "more\n" + frame(1, 2*time.Second, "last")},
			[]stack.LogLine{at(time.Second, "half more"), at(2*time.Second, "last")}},
		{"a terminal's output is not multiplexed", true,
			[]string{frame(1, time.Second, "colour\r\n")[8:]},
			[]stack.LogLine{at(time.Second, "colour")}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var sinces []string
			answered := make(chan struct{})
			e := logEngine(t, c.tty, func() { close(answered) }, &sinces, c.answers...)
			got := make(chan stack.LogLine, 100)
			ended := make(chan error, 1)
			go func() {
				ended <- (&Stack{engine: e, runID: "r"}).FollowLogs(ctx, logBase, func(l stack.LogLine) { got <- l })
			}()
			<-answered
			var lines []stack.LogLine
			for late := time.After(10 * time.Second); len(lines) < len(c.want); {
				select {
				case l := <-got:
					lines = append(lines, l)
				case <-late:
					t.Fatalf("saw %d lines, want %d: %+v", len(lines), len(c.want), lines)
				}
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("FollowLogs = %v, want nil", err)
			}
			close(got)
			for l := range got {
				lines = append(lines, l)
			}
			if diff := cmp.Diff(c.want, lines); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			if want := fmt.Sprintf("%d.%09d", logBase.Unix(), logBase.Nanosecond()); sinces[0] != want {
				t.Errorf("since = %q, want %q", sinces[0], want)
			}
		})
	}
}

func TestFollowLogsSaysWhatItCannotRead(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var tries atomic.Int32
	e := fakeEngine(t, map[string]http.HandlerFunc{"GET /containers/json": func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) == 2 {
			cancel()
		}
		http.Error(w, `{"message":"dying"}`, http.StatusInternalServerError)
	}})
	err := (&Stack{engine: e, runID: "r"}).FollowLogs(ctx, logBase, func(l stack.LogLine) { t.Errorf("line %+v out of nowhere", l) })
	if err == nil || !strings.Contains(err.Error(), "lines of all replicas may be missing") {
		t.Errorf("FollowLogs = %v after %d tries, want an error that says what is missing", err, tries.Load())
	}
}
