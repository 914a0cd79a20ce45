package logs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var base = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

// add adds a line of gateway-1.
func add(b *Book, after time.Duration, text string) {
	b.Add(base.Add(after), "gateway-1", "gateway", []byte(text), len(text))
}

// readAll are the records of a file without damage.
func readAll(t *testing.T, path string) []Record {
	t.Helper()
	var all []Record
	damaged, err := ReadFile(path, func(r Record) { all = append(all, r) })
	if err != nil || damaged > 0 {
		t.Fatalf("ReadFile = %d damaged lines, %v", damaged, err)
	}
	return all
}

// told is a record in short.
func told(all []Record) (lines []string) {
	for _, r := range all {
		lines = append(lines, fmt.Sprintf("%s/%d %v %s %s", r.Scenario, r.Trial, r.At, r.Replica, r.Message()))
	}
	return lines
}

func TestBookKnowsTrials(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs.jsonl")
	b := NewBook(path, DefaultLimits(), nil)
	add(b, -time.Second, "before the first")
	b.Begin("kill", 1, base)
	add(b, time.Second, `{"level":"INFO","msg":"one","n":1}`)
	b.Begin("kill", 2, base.Add(time.Minute))
	add(b, 59*time.Second, "late")
	add(b, 61*time.Second, "two")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	add(b, 62*time.Second, "after the end")
	want := []string{
		"kill/1 -1s gateway-1 before the first", "kill/1 1s gateway-1 one n=1",
		"kill/1 59s gateway-1 late", "kill/2 1s gateway-1 two",
	}
	if diff := cmp.Diff(want, told(readAll(t, path))); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestBookIsBounded(t *testing.T) {
	for _, c := range []struct {
		rule   string
		limits Limits
		write  func(*Book)
		want   []string
	}{
		{"lines beyond so many a second are dropped and counted, by replica", Limits{2, 1 << 20, 1 << 20, 100}, func(b *Book) {
			for i := range 5 {
				add(b, time.Duration(i)*time.Millisecond, fmt.Sprint("line ", i))
			}
			b.Add(base.Add(10*time.Millisecond), "edge", "edge", []byte("mine"), 4)
			b.Flush()
			add(b, time.Second, "next second")
		}, []string{
			"s/1 0s gateway-1 line 0", "s/1 1ms gateway-1 line 1", "s/1 10ms edge mine",
			"s/1 2ms gateway-1 (3 of its lines were dropped: more than 2 lines in a second)", "s/1 1s gateway-1 next second",
		}},
		{"the bytes of a trial are bounded for each replica, and the next trial has its own", Limits{100, 120, 1 << 20, 100}, func(b *Book) {
			add(b, time.Second, "first")
			add(b, 2*time.Second, "second")
			b.Begin("s", 2, base.Add(time.Minute))
			add(b, time.Minute, "third")
		}, []string{
			"s/1 1s gateway-1 first", "s/1 2s gateway-1 (1 of its lines were dropped: more than 120 bytes in a trial)", "s/2 0s gateway-1 third",
		}},
		{"the whole file is bounded", Limits{100, 1 << 20, 120, 100}, func(b *Book) {
			add(b, time.Second, "first")
			b.Begin("s", 2, base.Add(time.Minute))
			add(b, time.Minute, "second")
		}, []string{
			"s/1 1s gateway-1 first", "s/2 0s gateway-1 (1 of its lines were dropped: more than 120 bytes in all)",
		}},
		{"a long line is cut, between characters, and says how long it was", Limits{100, 1 << 20, 1 << 20, 6}, func(b *Book) {
			add(b, time.Second, "12345é")
			add(b, 2*time.Second, `{"msg":"x"}`)
		}, []string{"s/1 1s gateway-1 12345… (7 bytes)", `s/1 2s gateway-1 {"msg"… (11 bytes)`}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "logs.jsonl")
			var taps int
			b := NewBook(path, c.limits, func(Record, time.Time) { taps++ })
			b.Begin("s", 1, base)
			c.write(b)
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, told(readAll(t, path))); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if taps != len(c.want) {
				t.Errorf("the tap got %d records, want the %d that are kept", taps, len(c.want))
			}
		})
	}
}

func TestBookSurvivesItsProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs.jsonl")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := NewBook(path, DefaultLimits(), nil)
		go b.Keep(ctx)
		b.Begin("s", 1, base)
		add(b, 0, "in the first second")
		time.Sleep(time.Second + time.Millisecond)
		synctest.Wait()
		add(b, time.Second, "in the next one")
		// Whoever looks now sees what a killed process leaves.
		if got := told(readAll(t, path)); len(got) != 1 || !strings.Contains(got[0], "in the first second") {
			t.Errorf("after a second the file holds %q, want the first line", got)
		}
		cancel()
		synctest.Wait()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestBookThatCannotWriteSaysSoAtTheEnd(t *testing.T) {
	b := NewBook(filepath.Join(t.TempDir(), "nowhere", "logs.jsonl"), DefaultLimits(), nil)
	b.Begin("s", 1, base)
	add(b, 0, "lost")
	b.Flush()
	if err := b.Close(); err == nil || !strings.Contains(err.Error(), "bytes were lost") {
		t.Errorf("Close = %v, want what was lost", err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("the second Close = %v, want nil", err)
	}
}

func TestReadPassesOverDamage(t *testing.T) {
	good := `{"scenario":"s","trial":1,"atNs":5,"replica":"edge","component":"edge","text":"x"}`
	file := strings.Join([]string{good, `{"scenario":"s","tri`, "", strings.Repeat("y", 3*longestRecord), `{}`, good, good[:20]}, "\n")
	path := filepath.Join(t.TempDir(), "logs.jsonl")
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	var all []Record
	damaged, err := ReadFile(path, func(r Record) { all = append(all, r) })
	if err != nil || damaged != 4 || len(all) != 2 {
		t.Errorf("ReadFile = %d records, %d damaged, %v; want 2 and 4", len(all), damaged, err)
	}
}
