package logs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// fields are what a line of JSON says, by the names that the platform's programs
// and those beside them use.
type fields struct {
	level            Level
	message, request string
	// rest are all others.
	rest map[string]any
}

func (r Record) fields() fields {
	f := fields{}
	decoder := json.NewDecoder(bytes.NewReader(r.JSON))
	decoder.UseNumber()
	if decoder.Decode(&f.rest) != nil {
		return fields{}
	}
	take := func(names ...string) string {
		for _, name := range names {
			if text, ok := f.rest[name].(string); ok {
				delete(f.rest, name)
				return text
			}
		}
		return ""
	}
	f.level, _ = ParseLevel(take("level", "severity", "lvl"))
	f.message = take("msg", "message")
	f.request = take("request_id", "requestId", "trace_id")
	take("time", "ts", "timestamp", "@timestamp") // At says it
	for name, is := range map[string]string{"replica": r.Replica, "component": r.Component} {
		if f.rest[name] == is {
			delete(f.rest, name)
		}
	}
	return f
}

// Level is what the line says of itself. That lines were dropped is a warning.
func (r Record) Level() Level {
	switch {
	case r.Dropped > 0:
		return Warn
	case r.JSON != nil:
		return r.fields().level
	}
	return textLevel(r.Text)
}

// RequestID is the request that a line of JSON names; empty for none.
func (r Record) RequestID() string {
	if r.JSON == nil {
		return ""
	}
	return r.fields().request
}

// Message is the line for people, on as many lines as the text has: of JSON its
// message and then the other fields but time, level and who wrote it, by name.
// It is foreign text: whoever shows it escapes it.
func (r Record) Message() string {
	switch {
	case r.Dropped > 0:
		return fmt.Sprintf("(%d of its lines were dropped: %s)", r.Dropped, r.Why)
	case r.JSON == nil && r.Size > 0:
		return fmt.Sprintf("%s… (%d bytes)", r.Text, r.Size)
	case r.JSON == nil:
		return r.Text
	}
	f := r.fields()
	parts := []string{f.message}
	if f.message == "" {
		parts = nil
	}
	for _, name := range slices.Sorted(maps.Keys(f.rest)) {
		parts = append(parts, name+"="+valueText(f.rest[name]))
	}
	if f.request != "" {
		parts = append(parts, "request_id="+valueText(f.request))
	}
	return strings.Join(parts, " ")
}

// valueText is a value of JSON: text without quotes where nothing in it needs
// them.
func valueText(v any) string {
	text, ok := v.(string)
	if !ok {
		raw, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(raw)
	}
	if text == "" || strings.ContainsAny(text, " \t\n\"=") {
		return strconv.Quote(text)
	}
	return text
}
