package reports

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// evidenceWriter appends to evidence.jsonl.
type evidenceWriter struct {
	path string

	mu     sync.Mutex
	file   *os.File
	closed bool
}

// Write appends p, which holds whole lines, and flushes it to disk. After an
// error the file is cut back to what it was: evidence never ends in half a
// line that a later Write would glue itself to.
func (w *evidenceWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, explain("write", w.path, fs.ErrClosed)
	}
	if err := w.open(); err != nil {
		return 0, err
	}
	before, err := w.file.Stat()
	if err != nil {
		return 0, explain("write", w.path, err)
	}
	_, err = w.file.Write(p)
	if err == nil {
		err = w.file.Sync()
	}
	if err != nil {
		// A device cannot be cut; the error says enough.
		_ = w.file.Truncate(before.Size())
		return 0, explain("write", w.path, err)
	}
	return len(p), nil
}

// Close closes the file; the lines are on disk already. Idempotent.
func (w *evidenceWriter) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || w.file == nil {
		w.closed = true
		return nil
	}
	w.closed = true
	if err := w.file.Close(); err != nil {
		return explain("close", w.path, err)
	}
	return nil
}

func (w *evidenceWriter) open() error {
	if w.file != nil {
		return nil
	}
	_, statErr := os.Stat(w.path)
	file, err := os.OpenFile(w.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return explain("open", w.path, err)
	}
	w.file = file
	if errors.Is(statErr, fs.ErrNotExist) {
		return syncDir(filepath.Dir(w.path))
	}
	return nil
}
