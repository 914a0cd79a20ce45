package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"time"

	"github.com/fournines/fournines/harness"
)

// entry is one line: exactly one field is set.
type entry struct {
	Begin  *Begin          `json:"begin,omitempty"`
	Intent *harness.Intent `json:"intent,omitempty"`
	Done   string          `json:"done,omitempty"` // the ID of an intent that is undone
}

// Begin is the first record: whose journal this is.
type Begin struct {
	RunID string    `json:"runId"`
	PID   int       `json:"pid"`
	Start time.Time `json:"start"`
	// Stack is what the run acts on: "docker", "inproc".
	Stack string `json:"stack"`
	// Engine identifies the container engine that knows the targets' IDs, and
	// Address is where it was found. Either may be empty.
	Engine  string `json:"engine,omitempty"`
	Address string `json:"address,omitempty"`
	// Owns is true when the stack is the run's own, to be removed with it.
	Owns bool `json:"owns,omitempty"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// maxRecord bounds one body; a recipe is some hundred bytes.
const maxRecord = 1 << 20

// encode frames one entry as a line.
func encode(e entry) ([]byte, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	if len(body) > maxRecord {
		return nil, fmt.Errorf("encode record: want at most %d bytes, saw %d", maxRecord, len(body))
	}
	return fmt.Appendf(nil, "%08x %d %s\n", crc32.Checksum(body, castagnoli), len(body), body), nil
}

// errTorn means that a line was cut off or damaged.
var errTorn = errors.New("torn record")

// decode reads one line without its line feed.
func decode(line []byte) (entry, error) {
	parts := bytes.SplitN(line, []byte{' '}, 3)
	if len(parts) != 3 || len(parts[0]) != 8 {
		return entry{}, errTorn
	}
	sum, err := strconv.ParseUint(string(parts[0]), 16, 32)
	if err != nil {
		return entry{}, errTorn
	}
	if n, err := strconv.Atoi(string(parts[1])); err != nil || n != len(parts[2]) {
		return entry{}, errTorn
	}
	if crc32.Checksum(parts[2], castagnoli) != uint32(sum) {
		return entry{}, errTorn
	}
	var e entry
	if err := json.Unmarshal(parts[2], &e); err != nil {
		return entry{}, fmt.Errorf("a record with a right checksum is no JSON: %w", err)
	}
	return e, nil
}
