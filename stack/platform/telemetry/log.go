// Package telemetry is what the reference platform's programs say about
// themselves: metrics, log lines and request IDs.
package telemetry

import (
	"context"
	"io"
	"log/slog"
)

// NewLogger writes one JSON object a line to w, each with time, level, msg,
// component and replica, and with request_id when the call's context has one.
// Lines below level are dropped. The logger may be used concurrently if w may.
func NewLogger(w io.Writer, level slog.Level, component, replica string) *slog.Logger {
	handler := slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})
	return slog.New(requestHandler{handler}).With("component", component, "replica", replica)
}

// requestHandler adds the context's request ID to every line.
type requestHandler struct{ slog.Handler }

func (h requestHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h requestHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestHandler{h.Handler.WithAttrs(attrs)}
}

func (h requestHandler) WithGroup(name string) slog.Handler {
	return requestHandler{h.Handler.WithGroup(name)}
}
