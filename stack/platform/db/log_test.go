package db

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinesOfPostgreSQLBecomeOurs(t *testing.T) {
	for rule, c := range map[string]struct {
		line string
		want map[string]any
	}{
		"a line has its level, process and text": {
			"31 00000 LOG:  checkpoint starting: immediate",
			map[string]any{"level": "INFO", "line": "checkpoint starting: immediate", "kind": "LOG", "pid": "31"},
		},
		"an error has its SQLSTATE": {
			"9 23505 ERROR:  duplicate key",
			map[string]any{"level": "ERROR", "line": "duplicate key", "kind": "ERROR", "pid": "9", "sqlstate": "23505"},
		},
		"a refusal while the server starts is nobody's trouble": {
			"9 57P03 FATAL:  the database system is starting up",
			map[string]any{"level": "DEBUG", "line": "the database system is starting up", "kind": "FATAL", "pid": "9", "sqlstate": "57P03"},
		},
		"the rest of a broken line is kept": {
			"\tSELECT 1: twice",
			map[string]any{"level": "INFO", "line": "SELECT 1: twice"},
		},
	} {
		t.Run(rule, func(t *testing.T) {
			var out bytes.Buffer
			logLine(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})), c.line)
			var got map[string]any
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			delete(got, "time")
			delete(got, "msg")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
