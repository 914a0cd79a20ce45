package harness

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"syscall"
)

// spool is the evidence of one trial on disk until the trial closes: what is
// written to it is not kept in memory, and read back once. Not safe for
// concurrent use.
type spool struct {
	dir  string // as of os.CreateTemp
	file *os.File
	// named is true while the file can be seen in dir.
	named bool
	sum   hash.Hash // of all that was written
	err   error     // the first one; nothing is written after it
}

// write appends whole lines. The first call makes the file; the first error is
// returned by every later call, and by read.
func (s *spool) write(lines []byte) error {
	if s.file == nil && s.err == nil {
		s.err = s.open()
	}
	if s.err != nil {
		return s.err
	}
	if _, err := s.file.Write(lines); err != nil {
		s.err = aside(err)
		return s.err
	}
	_, err := s.sum.Write(lines) // which never fails
	return err
}

// open makes the file and takes its name away, where the system allows that of
// a file in use: then kill -9 leaves nothing behind either.
func (s *spool) open() error {
	file, err := os.CreateTemp(s.dir, ".fournines-evidence-*")
	if err != nil {
		return fmt.Errorf("%w; it needs a folder that can be written, see TMPDIR", aside(err))
	}
	s.file, s.sum = file, sha256.New()
	s.named = os.Remove(file.Name()) != nil
	return nil
}

// aside says what could not be done, and what a person can do about it.
func aside(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("put evidence aside: the disk is full: free some space: %w", err)
	}
	return fmt.Errorf("put evidence aside: %w", err)
}

// read returns what was written. Anything less or else is an error, never half
// of it.
func (s *spool) read() (Evidence, error) {
	switch {
	case s.err != nil:
		return Evidence{}, s.err
	case s.file == nil:
		return Evidence{}, errors.New("read evidence back: nothing was written")
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return Evidence{}, fmt.Errorf("read evidence back: %w", err)
	}
	sum := sha256.New()
	trials, err := ReadEvidence(io.TeeReader(s.file, sum))
	switch {
	case err != nil:
		return Evidence{}, fmt.Errorf("read evidence back: %w", err)
	case !bytes.Equal(sum.Sum(nil), s.sum.Sum(nil)):
		return Evidence{}, errors.New("read evidence back: want what was written, saw something else; did the disk fail?")
	case len(trials) != 1:
		return Evidence{}, fmt.Errorf("read evidence back: want one trial, saw %d", len(trials))
	}
	return trials[0], nil
}

// close removes the file. Idempotent.
func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	name, err := s.file.Name(), s.file.Close()
	if s.named {
		err = errors.Join(err, os.Remove(name))
	}
	s.file, s.named = nil, false
	if err != nil {
		return fmt.Errorf("remove what was put aside of the evidence: %w", err)
	}
	return nil
}
