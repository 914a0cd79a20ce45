// Package logs keeps what the components of a stack logged during a run, within
// bounds, and finds it again. Nothing is judged by it: a run whose logs are lost
// is worth what it was.
package logs

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// Record is one line of logs.jsonl: a line that a replica logged, or how many of
// its lines were dropped.
type Record struct {
	// Scenario and Trial are the trial that it was logged in, or after.
	Scenario string `json:"scenario"`
	Trial    int    `json:"trial"`
	// At counts from the trial's base, as all times of evidence do. Negative is
	// before the first trial.
	At        time.Duration `json:"atNs"`
	Replica   string        `json:"replica"`
	Component string        `json:"component"`
	// JSON is a line that is a JSON object, Text is any other one. Both are valid
	// UTF-8.
	JSON json.RawMessage `json:"json,omitempty"`
	Text string          `json:"text,omitempty"`
	// Size is how many bytes a line had of which Text is only the beginning;
	// otherwise 0.
	Size int `json:"size,omitempty"`
	// Dropped is how many lines of the replica are missing from At on, and Why
	// says by what rule; 0 for a line.
	Dropped int    `json:"dropped,omitempty"`
	Why     string `json:"why,omitempty"`
}

// set makes text the content of r: at most limit bytes of it. size is how many
// bytes the line had before anybody cut it.
func (r *Record) set(text []byte, size, limit int) {
	cut := size > len(text)
	if len(text) > limit {
		text, cut = text[:limit], true
		for range utf8.UTFMax - 1 { // a character that was cut through
			if r, n := utf8.DecodeLastRune(text); r == utf8.RuneError && n == 1 {
				text = text[:len(text)-1]
			}
		}
	}
	text = bytes.ToValidUTF8(text, []byte(string(utf8.RuneError)))
	if cut {
		r.Size = size
	}
	if trimmed := bytes.TrimSpace(text); !cut && bytes.HasPrefix(trimmed, []byte{'{'}) && json.Valid(trimmed) {
		r.JSON = trimmed
		return
	}
	r.Text = string(text)
}

// Has reports whether the line belongs to a request: it says so in the field
// request_id, or holds the ID as a word where it is no JSON.
func (r Record) Has(request string) bool {
	if request == "" {
		return false
	}
	if r.JSON != nil {
		return r.fields().request == request
	}
	for rest := r.Text; ; {
		i := strings.Index(rest, request)
		if i < 0 {
			return false
		}
		before, after := rest[:i], rest[i+len(request):]
		last, _ := utf8.DecodeLastRuneInString(before)
		first, _ := utf8.DecodeRuneInString(after)
		if (before == "" || !idRune(last)) && (after == "" || !idRune(first)) {
			return true
		}
		rest = rest[i+1:]
	}
}

// idRune reports whether r can be part of a request's ID: what the platform
// takes from its clients.
func idRune(r rune) bool {
	return r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
