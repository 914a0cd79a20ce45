package db

import (
	"context"
	"log/slog"
	"strings"
)

// linePrefix is log_line_prefix: the process and the SQLSTATE of a line.
const linePrefix = "%p %e "

// cannotConnectNow is the SQLSTATE of a server that is starting or stopping.
const cannotConnectNow = "57P03"

// logLine passes a line of PostgreSQL on as one of ours.
func logLine(log *slog.Logger, line string) {
	pid, rest, _ := strings.Cut(line, " ")
	state, rest, ok := strings.Cut(rest, " ")
	kind, text, found := strings.Cut(rest, ":")
	level, known := severity(kind)
	if !ok || !found || !known || len(state) != len("00000") {
		// The rest of a line that was broken, or a word from before the
		// configuration was read.
		log.Info("postgres", "line", strings.TrimSpace(line))
		return
	}
	attrs := []slog.Attr{slog.String("line", strings.TrimSpace(text)), slog.String("kind", kind), slog.String("pid", pid)}
	if state == cannotConnectNow {
		level = slog.LevelDebug // whoever asks while it starts, starting with us
	}
	if state != "00000" {
		attrs = append(attrs, slog.String("sqlstate", state))
	}
	log.LogAttrs(context.Background(), level, "postgres", attrs...)
}

// severity is the level of PostgreSQL's kinds of lines.
func severity(kind string) (slog.Level, bool) {
	switch kind {
	case "DEBUG", "DEBUG1", "DEBUG2", "DEBUG3", "DEBUG4", "DEBUG5":
		return slog.LevelDebug, true
	case "LOG", "INFO", "NOTICE", "DETAIL", "HINT", "STATEMENT", "CONTEXT", "QUERY", "LOCATION":
		return slog.LevelInfo, true
	case "WARNING":
		return slog.LevelWarn, true
	case "ERROR", "FATAL", "PANIC":
		return slog.LevelError, true
	}
	return 0, false
}
