package zookeeper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

// wordLimit bounds one question to the member, in time and in bytes.
const (
	wordLimit  = 500 * time.Millisecond
	answerSize = 1 << 20
)

// ask sends one of ZooKeeper's four-letter words and returns the answer.
func ask(ctx context.Context, port uint16, word string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, wordLimit)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
	if err != nil {
		return "", fmt.Errorf("ask ZooKeeper %q: %w", word, err)
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	err = conn.SetDeadline(deadline)
	if err == nil {
		_, err = io.WriteString(conn, word)
	}
	var answer []byte
	if err == nil {
		answer, err = io.ReadAll(io.LimitReader(conn, answerSize))
	}
	if err != nil {
		return "", fmt.Errorf("ask ZooKeeper %q: %w", word, err)
	}
	return string(answer), nil
}

// Status is what a member says of itself.
type Status struct {
	// Mode is "leader" or "follower".
	Mode    string `json:"mode"`
	Version string `json:"version"`
}

// parseStatus reads the answer to srvr. A member that takes part in no ensemble
// says so in a sentence, and has no mode.
func parseStatus(answer string) (s Status, err error) {
	for line := range strings.Lines(answer) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "Mode":
			s.Mode = value
		case "Zookeeper version":
			s.Version, _, _ = strings.Cut(value, "-")
		}
	}
	if s.Mode != "leader" && s.Mode != "follower" {
		first, _, _ := strings.Cut(strings.TrimSpace(answer), "\n")
		return s, fmt.Errorf("want a leader or a follower, the member says %q", first)
	}
	return s, nil
}

// parseFigures reads the answer to mntr: all that is a number, under the name
// that ZooKeeper gives it, and which role the member plays.
func parseFigures(answer string) ([]telemetry.Figure, error) {
	var all []telemetry.Figure
	for line := range strings.Lines(answer) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "\t")
		if !ok || !strings.HasPrefix(name, "zk_") || strings.ContainsAny(name, "{}") {
			continue
		}
		if name == "zk_server_state" {
			leads := 0.0
			if value == "leader" {
				leads = 1
			}
			all = append(all, telemetry.Figure{Name: "zk_is_leader", Help: "1 when the member leads, else 0.", Value: leads})
			continue
		}
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			all = append(all, telemetry.Figure{Name: name, Help: "As ZooKeeper's mntr says it.", Value: n})
		}
	}
	if len(all) == 0 {
		return nil, errors.New("want figures from mntr, saw none")
	}
	return all, nil
}
