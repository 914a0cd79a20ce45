package logs

import (
	"testing"
	"time"
)

// of is the record of a line.
func of(text string) Record {
	r := Record{Replica: "gateway-1", Component: "gateway"}
	r.set([]byte(text), len(text), 1000)
	return r
}

func TestRecord(t *testing.T) {
	for _, c := range []struct {
		rule, line, message, request string
		level                        Level
	}{
		{"a line of slog", `{"time":"2026-11-23T14:00:00Z","level":"WARN","msg":"request","component":"gateway","replica":"gateway-1","code":503,"path":"/a b","request_id":"r-1"}`,
			`request code=503 path="/a b" request_id=r-1`, "r-1", Warn},
		{"a line of zap", `{"level":"error","ts":"2026","caller":"x.go:1","msg":"lost leader"}`, "lost leader caller=x.go:1", "", Error},
		{"the component of somebody else stays", `{"msg":"m","component":"rule manager"}`, `m component="rule manager"`, "", Unknown},
		{"values that are no text", `{"msg":"m","big":12345678901234567890,"list":[1,"a"],"none":null}`, `m big=12345678901234567890 list=[1,"a"] none=null`, "", Unknown},
		{"a level that is no text is a field like others", `{"level":3,"msg":"m"}`, "m level=3", "", Unknown},
		{"a list is text", `[1,2]`, "[1,2]", "", Unknown},
		{"JSON that breaks off is text", `{"level":"warn","msg":"half`, `{"level":"warn","msg":"half`, "", Warn},
		{"logfmt", `ts=2026 caller=main.go level=warn msg="x"`, `ts=2026 caller=main.go level=warn msg="x"`, "", Warn},
		{"HAProxy at its start", "[WARNING]  (8) : x", "[WARNING]  (8) : x", "", Warn},
		{"PostgreSQL", "2026-11-23 14:00:00.000 UTC [12] FATAL:  x", "2026-11-23 14:00:00.000 UTC [12] FATAL:  x", "", Error},
		{"a word at the start", "ERROR: x", "ERROR: x", "", Error},
		{"a panic", "panic: x", "panic: x", "", Error},
		{"text that says none", "all is well", "all is well", "", Unknown},
		{"bytes that are no UTF-8", "a\xffb", "a\ufffdb", "", Unknown},
	} {
		t.Run(c.rule, func(t *testing.T) {
			r := of(c.line)
			if got := r.Message(); got != c.message {
				t.Errorf("message %q, want %q", got, c.message)
			}
			if r.Level() != c.level || r.RequestID() != c.request {
				t.Errorf("level %q and request %q, want %q and %q", r.Level(), r.RequestID(), c.level, c.request)
			}
		})
	}
}

func TestFilter(t *testing.T) {
	after := func(d time.Duration) *time.Duration { return &d }
	line := of(`{"level":"WARN","msg":"m","request_id":"r-1"}`)
	line.Scenario, line.Trial, line.At = "kill", 2, time.Second
	silent := of("client r-1x and r-1: gone")
	marked := Record{Replica: "gateway-1", Component: "gateway", Dropped: 3, Why: "x"}
	for _, c := range []struct {
		rule string
		Filter
		record Record
		want   bool
	}{
		{"no filter takes all", Filter{}, line, true},
		{"the replica", Filter{Replica: "gateway-1"}, line, true},
		{"another replica", Filter{Replica: "gateway-2"}, line, false},
		{"another component", Filter{Component: "edge"}, line, false},
		{"another trial", Filter{Trial: 1}, line, false},
		{"another scenario", Filter{Scenario: "pause"}, line, false},
		{"both ends belong to the time", Filter{Since: after(time.Second), Until: after(time.Second)}, line, true},
		{"too early", Filter{Since: after(time.Second + 1)}, line, false},
		{"too late", Filter{Until: after(time.Second - 1)}, line, false},
		{"its level", Filter{Level: Warn}, line, true},
		{"a higher level", Filter{Level: Error}, line, false},
		{"a line without a level", Filter{Level: Debug}, silent, false},
		{"its request", Filter{Request: "r-1"}, line, true},
		{"the beginning of its request is another one", Filter{Request: "r-"}, line, false},
		{"a request named in text, as a word", Filter{Request: "r-1"}, silent, true},
		{"a part of a word in text", Filter{Request: "r-"}, silent, false},
		{"dropped lines are told at every level", Filter{Level: Error}, marked, true},
		{"dropped lines belong to no request", Filter{Request: "r-1"}, marked, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := c.Match(c.record); got != c.want {
				t.Errorf("Match(%+v) = %v, want %v", c.record, got, c.want)
			}
		})
	}
}
