package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/fournines/fournines/harness"
)

// Journal is the open journal of a living run. Safe for concurrent use.
type Journal struct {
	mu   sync.Mutex
	file *os.File
	next int
	open int
	// broken is the first write that failed: from then on nothing is known to
	// be on disk, and nothing may be injected.
	broken error
}

// Create makes the journal of a run in dir, which is created when it does not
// exist, and locks it for as long as this process lives.
func Create(dir string, b Begin) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	// Nobody may take the file for that of a dead run before it is locked.
	release, err := leases(dir)
	if err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	defer release()
	path := filepath.Join(dir, b.RunID+Suffix)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	j := &Journal{file: file, next: 1}
	if err := lock(file); err != nil {
		return nil, errors.Join(fmt.Errorf("create journal: lock %q: %w", path, err), file.Close())
	}
	if err := j.append(entry{Begin: &b}); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := syncDir(dir); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

// Path is where the journal is.
func (j *Journal) Path() string { return j.file.Name() }

// Intend writes an intent and returns its ID once it is on disk. On an error
// the fault must not be injected. The error is a *Held when another run has an
// open intent about a target. The intent's own ID is ignored.
func (j *Journal) Intend(i harness.Intent) (id string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	release, err := leases(filepath.Dir(j.file.Name()))
	if err != nil {
		return "", fmt.Errorf("note how to undo %s: %w; nothing was injected", i.Fault, err)
	}
	defer release()
	if err := j.free(i); err != nil {
		return "", fmt.Errorf("%w; nothing was injected", err)
	}
	i.ID = strconv.Itoa(j.next)
	if err := j.append(entry{Intent: &i}); err != nil {
		return "", fmt.Errorf("note how to undo %s: %w; nothing was injected", i.Fault, err)
	}
	j.next++
	j.open++
	return i.ID, nil
}

// Done notes that the fault of an intent is undone and that this was seen.
func (j *Journal) Done(id string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.append(entry{Done: id}); err != nil {
		return fmt.Errorf("note that intent %s is undone: %w", id, err)
	}
	j.open--
	return nil
}

// Close ends the journal. The file is removed when every intent is undone, and
// stays for Heal otherwise.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	var err error
	if j.open == 0 && j.broken == nil {
		err = os.Remove(j.file.Name())
	}
	return errors.Join(err, j.file.Close())
}

// append writes one record and waits until it is on disk.
func (j *Journal) append(e entry) error {
	if j.broken != nil {
		return fmt.Errorf("write journal: an earlier write failed: %w", j.broken)
	}
	line, err := encode(e)
	if err != nil {
		return err
	}
	n, err := j.file.Write(line)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		j.broken = err
		return fmt.Errorf("write journal %q: %w", j.file.Name(), err)
	}
	return nil
}

// syncDir makes the names in a folder last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync folder %q: %w", dir, err)
	}
	return nil
}
