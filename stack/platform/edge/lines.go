package edge

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

// longestLine bounds one message of nginx, in bytes: it cuts its own at half of
// that.
const longestLine = 8 << 10

// Tags of nginx's messages.
const (
	accessTag = " access: "
	healthTag = " health: " // as access, of this program's own requests
	errorTag  = " error: "
)

// access is one request as nginx logs it (log_format line). Of a request that
// was sent to several gateways the lists have one entry each, in their order.
type access struct {
	Client, Method, Path, Status, Took, ID string
	// Upstreams are addresses; Connect and Header are seconds, "-" for what did
	// not happen.
	Upstreams, Statuses, Connect, Header string
}

// reader takes what nginx says of requests and of its own trouble.
type reader struct {
	targets *targets
	metrics *telemetry.Edge
	log     *slog.Logger
}

// read takes messages until the connection is closed.
func (r *reader) read(from net.PacketConn) {
	buffer := make([]byte, longestLine)
	for {
		n, _, err := from.ReadFrom(buffer)
		if err != nil {
			return
		}
		r.take(string(buffer[:n]))
	}
}

// take takes one message: "<190>Nov 28 21:12:18 access: …".
func (r *reader) take(message string) {
	if _, text, ok := strings.Cut(message, accessTag); ok {
		var a access
		if err := json.Unmarshal([]byte(text), &a); err == nil {
			r.request(a)
			return
		}
	} else if _, text, ok := strings.Cut(message, healthTag); ok {
		var a access
		if err := json.Unmarshal([]byte(text), &a); err == nil {
			r.tries(a, func(string, int) {})
			return
		}
	} else if _, text, ok := strings.Cut(message, errorTag); ok {
		r.trouble(text)
		return
	}
	r.log.Info("nginx", "line", strings.TrimSpace(message))
}

// request counts a request, and logs one that was not quite normal.
func (r *reader) request(a access) {
	status, _ := strconv.Atoi(a.Status) // 0 is none
	r.metrics.Answered(status)
	tried := r.tries(a, r.metrics.Sent)
	addresses := len(list(a.Upstreams))
	if status < http.StatusInternalServerError && status != telemetry.ClientClosed && status != 0 && addresses < 2 {
		return
	}
	r.log.Warn("request", "client", a.Client, "servers", strings.Join(tried, ","), "method", a.Method, "path", a.Path,
		"status", status, "retries", max(addresses-1, 0), "connect_ms", milliseconds(a.Connect),
		"response_ms", milliseconds(a.Header), "total_ms", milliseconds(a.Took), "request_id", a.ID)
}

// tries names the gateways that a request was sent to, and tells of each with
// what status it answered; 0 is not at all.
func (r *reader) tries(a access, tell func(server string, status int)) (tried []string) {
	statuses, headers := list(a.Statuses), list(a.Header)
	for i, address := range list(a.Upstreams) {
		server := r.targets.at(address)
		if server == "" {
			continue // nobody was left to be tried, or a gateway that has moved since
		}
		tried = append(tried, server)
		code := 0
		if i < len(headers) && headers[i] != "-" && i < len(statuses) {
			code, _ = strconv.Atoi(statuses[i])
			r.targets.answered(server)
		}
		tell(server, code)
	}
	return tried
}

// list splits one of nginx's lists.
func list(text string) []string {
	if text == "" || text == "-" {
		return nil
	}
	return strings.Split(text, ", ")
}

// milliseconds is nginx's list of seconds, "0.004, -", as "4,-".
func milliseconds(seconds string) string {
	var all []string
	for _, text := range list(seconds) {
		if s, err := strconv.ParseFloat(text, 64); err == nil {
			text = strconv.FormatInt(int64(s*1000+0.5), 10)
		}
		all = append(all, text)
	}
	return strings.Join(all, ",")
}

var (
	// trouble is a line of nginx's error log: when, how bad, which process,
	// which connection if any, what.
	trouble = regexp.MustCompile(`^\S+ \S+ \[(\w+)\] (\d+)#\d+: (?:\*\d+ )?(.*)$`)
	// upstream is whom a line of trouble is about.
	upstream = regexp.MustCompile(`upstream: "https?://([^/"]+)`)
)

// rested is what nginx says of a server that it leaves alone from now on.
const rested = "upstream server temporarily disabled"

// trouble passes a line of nginx's error log on as one of ours.
func (r *reader) trouble(text string) {
	found := trouble.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		r.log.Info("nginx", "line", strings.TrimSpace(text))
		return
	}
	level, pid, what := severity(found[1]), found[2], found[3]
	server := ""
	if about := upstream.FindStringSubmatch(what); about != nil {
		server = r.targets.at(about[1])
	}
	attrs := []any{"line", what, "kind", found[1], "pid", pid}
	if server != "" {
		attrs = append(attrs, "server", server)
	}
	r.log.Log(context.Background(), level, "nginx", attrs...)
	if strings.HasPrefix(what, rested) {
		cause, _, _ := strings.Cut(what, ", client:")
		r.targets.rests(server, fmt.Sprintf("nginx: %s", cause))
	}
}

// severity is the level of nginx's words.
func severity(kind string) slog.Level {
	switch kind {
	case "emerg", "alert", "crit", "error":
		return slog.LevelError
	case "warn":
		return slog.LevelWarn
	}
	return slog.LevelInfo
}
