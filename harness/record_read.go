package harness

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds one line of an evidence file, in bytes.
const maxLine = 16 << 20

// DamagedError is the error for an evidence file that is not what a run wrote.
type DamagedError struct {
	// Line counts from 1.
	Line int
	Err  error
}

// Error names the line and says what was expected there.
func (e *DamagedError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap is what is wrong with the line.
func (e *DamagedError) Unwrap() error { return e.Err }

// ReadEvidence reads an evidence file: the trials of one run in the order in
// which they ran. A torn last line, as left by kill -9, is ignored; anything
// else that is not what a run writes is a *DamagedError: half a verdict is
// never made of what can still be read.
func ReadEvidence(r io.Reader) ([]Evidence, error) {
	var trials []Evidence
	var texts examples
	lines := bufio.NewReaderSize(r, 1<<16)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return trials, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read evidence line %d: %w", n, err)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		rec, err := readRecord(line)
		if rec.Outage != nil {
			rec.Outage.Example, _ = texts.shared(rec.Outage.Example)
		}
		if err == nil {
			trials, err = addRecord(trials, rec)
		}
		if err != nil {
			return nil, &DamagedError{Line: n, Err: err}
		}
	}
}

// readRecord reads one line.
func readRecord(line []byte) (record, error) {
	if len(line) > maxLine {
		return record{}, fmt.Errorf("want at most %d bytes, saw %d", maxLine, len(line))
	}
	var rec record
	if err := json.Unmarshal(line, &rec); err != nil {
		return record{}, fmt.Errorf("want a JSON record: %w", err)
	}
	if rec == (record{Prober: rec.Prober}) {
		const most = 80 // bytes that are shown
		return record{}, fmt.Errorf("want a record of a kind that this fournines knows, saw %.*q; was it written by a newer one?", most, bytes.TrimSpace(line))
	}
	return rec, nil
}

// addRecord folds rec into the last of trials; a header begins another one.
func addRecord(trials []Evidence, rec record) ([]Evidence, error) {
	switch {
	case rec.Header != nil && (rec.Header.Schema < 1 || rec.Header.Schema > EvidenceSchema):
		return nil, fmt.Errorf("want schema 1 to %d, saw %d; was it written by a newer fournines?", EvidenceSchema, rec.Header.Schema)
	case rec.Header != nil:
		trials = append(trials, Evidence{})
	case len(trials) == 0:
		return nil, errors.New("want a header first: the start of the file is missing")
	case trials[len(trials)-1].End != End{}:
		return nil, errors.New("want a header after the end of a trial: the start of the next one is missing")
	}
	trials[len(trials)-1].apply(rec)
	return trials, nil
}
