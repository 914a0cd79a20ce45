package logs

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// longestRecord is the most bytes that a line of the file can have: a line's
// bytes are written as up to six each, and names come on top.
const longestRecord = 1 << 20

// ReadFile passes the records of a file to each, in the order in which they were
// written. A line that is no record, as the last one of a run that was killed may
// be, is passed over and counted.
func ReadFile(path string, each func(Record)) (damaged int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("read logs: %w", err)
	}
	defer file.Close()
	return Read(file, each)
}

// Read is ReadFile for what is open already.
func Read(r io.Reader, each func(Record)) (damaged int, err error) {
	reader := bufio.NewReaderSize(r, 64<<10)
	for {
		raw, err := readLine(reader)
		if len(raw) > 0 {
			var rec Record
			if json.Unmarshal(raw, &rec) != nil || rec.Replica == "" {
				damaged++
			} else {
				each(rec)
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return damaged, nil
		case err != nil:
			return damaged, fmt.Errorf("read logs: %w", err)
		}
	}
}

// readLine reads one line without its end; of one that is too long only so much
// that it cannot be a record.
func readLine(r *bufio.Reader) ([]byte, error) {
	var all []byte
	for {
		part, more, err := r.ReadLine()
		if err != nil {
			return all, err
		}
		if len(all) < longestRecord {
			all = append(all, part...)
		}
		if !more {
			return all, nil
		}
	}
}
