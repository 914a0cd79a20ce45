package bulk

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/fournines/fournines/reports/logs"
)

// document is a record as it is sent: a line that says what to do and one with
// what the record says.
type document struct{ raw []byte }

// source is what is found in the index. The fields of a line are not taken apart:
// programs give one name to values of several types, which an index refuses.
type source struct {
	Timestamp time.Time `json:"@timestamp"`
	Run       string    `json:"run"`
	Scenario  string    `json:"scenario"`
	Trial     int       `json:"trial"`
	// OffsetMS counts from the trial's base, in milliseconds.
	OffsetMS  float64 `json:"offset_ms"`
	Replica   string  `json:"replica"`
	Component string  `json:"component"`
	Level     string  `json:"level,omitempty"`
	RequestID string  `json:"request_id,omitempty"`
	Message   string  `json:"message"`
	Dropped   int     `json:"dropped,omitempty"`
}

// document writes a record down. Its number is its identity: what is sent twice
// is in the index once.
func (s *Shipper) document(r logs.Record, at time.Time, number int) document {
	action := map[string]any{"index": map[string]string{"_index": s.index, "_id": strconv.Itoa(number)}}
	head, _ := json.Marshal(action) // of strings
	body, _ := json.Marshal(source{ // of strings, numbers and a time of this century
		Timestamp: at.UTC(), Run: s.run, Scenario: r.Scenario, Trial: r.Trial,
		OffsetMS: float64(r.At) / float64(time.Millisecond), Replica: r.Replica, Component: r.Component,
		Level: r.Level().String(), RequestID: r.RequestID(), Message: r.Message(), Dropped: r.Dropped,
	})
	raw := append(append(head, '\n'), body...)
	return document{append(raw, '\n')}
}
