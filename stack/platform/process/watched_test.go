package process

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"
)

func TestWatchedPrograms(t *testing.T) {
	for _, tt := range []struct {
		rule string
		args []string
		want string // of the error; "" for none
	}{
		{"nothing has to be said", nil, ""},
		{"what all take", []string{"--name", "db-2", "--admin", "127.0.0.1:0", "--log-level", "debug"}, ""},
		{"a flag that there is not", []string{"--nmae", "db-2"}, "read the flags of db: flag provided but not defined: -nmae"},
		{"an argument", []string{"now"}, `db: unexpected arguments ["now"], want flags only`},
		{"a level that there is not", []string{"--log-level", "loud"}, "read the flags of db: invalid value"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			err := NewWatched("db", ":9090", "/metrics", &bytes.Buffer{}).Read(tt.args)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	var out bytes.Buffer
	w := NewWatched("db", ":9090", "/metrics and more", &out)
	if err := w.Read([]string{"--help"}); !errors.Is(err, flag.ErrHelp) || !strings.Contains(out.String(), "address of /metrics and more") {
		t.Errorf("help: %v, %s", err, &out)
	}
	out.Reset()
	w = NewWatched("db", "nowhere:1", "/metrics", &out)
	if err := w.Read([]string{"--name", "db-2", "--admin", "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	l, err := w.Listen()
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	w.Log().Info("hello")
	if line := out.String(); !strings.Contains(line, `"db-2"`) || !strings.Contains(line, `"hello"`) {
		t.Errorf("log line %s, want the name in it", line)
	}
	for port, ok := range map[uint]bool{0: false, 1: true, 65535: true, 65536: false} {
		if err := w.CheckPort("port", port); (err == nil) != ok {
			t.Errorf("port %d: %v", port, err)
		}
	}
}
