package zookeeper

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

func TestStatus(t *testing.T) {
	for _, tt := range []struct {
		rule, answer string
		want         Status
		problem      string
	}{
		{"a leader", "Zookeeper version: 3.8.0-debian-1, built on x\nLatency min/avg/max: 0/0.5/3\nMode: leader\nNode count: 5\n", Status{"leader", "3.8.0"}, ""},
		{"a follower", "Zookeeper version: 3.8.0-1\nMode: follower\n", Status{"follower", "3.8.0"}, ""},
		{"a member without a majority plays no role", "This ZooKeeper instance is not currently serving requests\n", Status{}, "not currently serving"},
		{"a member on its own is none of an ensemble", "Mode: standalone\n", Status{Mode: "standalone"}, "want a leader or a follower"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := parseStatus(tt.answer)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if (err == nil) != (tt.problem == "") || err != nil && !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("error %v, want one with %q", err, tt.problem)
			}
		})
	}
}

func TestFigures(t *testing.T) {
	got, err := parseFigures("zk_version\t3.8.0-1\nzk_server_state\tleader\nzk_znode_count\t12\nzk_avg_latency\t0.5\nzk_x{key=\"a\"}\t1\nnonsense\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []telemetry.Figure{{Name: "zk_is_leader", Value: 1}, {Name: "zk_znode_count", Value: 12}, {Name: "zk_avg_latency", Value: 0.5}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(telemetry.Figure{}, "Help")); diff != "" {
		t.Error(diff)
	}
	if _, err := parseFigures("This ZooKeeper instance is not currently serving requests\n"); err == nil {
		t.Error("a member that serves nothing has figures")
	}
}

// A member that hangs must not hold up who asks whether it is ready.
func TestAMemberThatHangsIsNotWaitedFor(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	held := make(chan net.Conn, 1)
	go func() {
		if conn, err := l.Accept(); err == nil {
			held <- conn
		}
	}()
	began := time.Now()
	_, err = ask(context.Background(), uint16(l.Addr().(*net.TCPAddr).Port), "srvr")
	if took := time.Since(began); err == nil || took > 10*wordLimit {
		t.Errorf("ask = %v after %v, want an error within about %v", err, took, wordLimit)
	}
	conn := <-held
	defer conn.Close()
	word := make([]byte, 4)
	if _, err := io.ReadFull(conn, word); err != nil || string(word) != "srvr" {
		t.Errorf("it was asked %q (%v), want srvr", word, err)
	}
}
