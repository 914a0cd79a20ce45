package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fournines/fournines/stack/platform/vault"
)

// errDifferent means that what was sent must not take the place of what is
// there.
var errDifferent = errors.New("a different file is in the archive")

// sumSuffix names the file beside one of the archive that holds its SHA-256 in
// the form that sha256sum checks.
const sumSuffix = ".sha256"

// accept moves a file that came in into the archive if its sum is the given
// one, and returns once it is on disk with its sum beside it. A file of that
// name with the same bytes stays and is fine, with others it stays and that is
// errDifferent.
func (b *backup) accept(name, sum string) error {
	came := filepath.Join(b.incoming(), name)
	kept := filepath.Join(b.archive(), name)
	if there, err := sumOf(kept); err == nil && there == sum {
		return errors.Join(unlessMissing(os.Remove(came)), writeSum(kept, sum)) // sent before, and not heard of
	} else if err == nil {
		return errors.Join(fmt.Errorf("archive %q with sum %s: %w: its sum is %s", name, sum, errDifferent, there), unlessMissing(os.Remove(came)))
	}
	saw, err := sumOf(came)
	if err != nil {
		return fmt.Errorf("archive %q: want it to have come in: %w", name, err)
	}
	if saw != sum {
		return errors.Join(fmt.Errorf("archive %q: want sum %s, what came in has %s", name, sum, saw), os.Remove(came))
	}
	if _, ok := vault.ParseSegment(name); ok {
		if err := b.ofSystem(came); err != nil {
			return fmt.Errorf("archive %q: %w", name, err)
		}
	}
	// A link never replaces anything, whoever else is at work.
	if err := errors.Join(writeSum(kept, sum), os.Link(came, kept), os.Remove(came), syncFolder(b.archive())); err != nil {
		return fmt.Errorf("archive %q: %w", name, err)
	}
	return nil
}

// ofSystem returns nil when a segment is of the database that this backup is
// of; the first one decides which that is.
func (b *backup) ofSystem(segment string) (err error) {
	f, err := os.Open(segment)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	system, err := vault.ReadSystem(f)
	if err != nil {
		return err
	}
	return b.pin(system)
}

// pin makes the database with the given identifier the one that this is the
// backup of, for ever. Another one is errDifferent.
func (b *backup) pin(system uint64) error {
	b.pinning.Lock()
	defer b.pinning.Unlock()
	was, err := b.system()
	switch {
	case err != nil:
		return err
	case was == system:
		return nil
	case was != 0:
		return fmt.Errorf("%w: want the log of database %d, saw that of %d; a backup holds one database, give another one a volume of its own", errDifferent, was, system)
	}
	if err := writeWhole(filepath.Join(b.Data, "system"), []byte(strconv.FormatUint(system, 10)+"\n")); err != nil {
		return fmt.Errorf("note which database this is the backup of: %w", err)
	}
	b.Log.Info("this is the backup of", "system", system)
	return nil
}

// system is the database that this is the backup of; 0 when none has been
// seen.
func (c Config) system() (uint64, error) {
	raw, err := os.ReadFile(filepath.Join(c.Data, "system"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read which database this is the backup of: %w", err)
	}
	return strconv.ParseUint(strings.TrimSpace(string(raw)), 10, 64)
}

func sumOf(path string) (sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func writeSum(path, sum string) error {
	return writeWhole(path+sumSuffix, []byte(sum+"  "+filepath.Base(path)+"\n"))
}

// readSum is the sum that a file of the archive should have.
func readSum(path string) (string, error) {
	raw, err := os.ReadFile(path + sumSuffix)
	sum, _, _ := strings.Cut(string(raw), " ")
	return sum, err
}

// writeWhole writes a file that is there as a whole or not at all, on disk.
func writeWhole(path string, content []byte) error {
	unfinished := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(unfinished, path), syncFolder(filepath.Dir(path)))
}

// syncFolder makes names in a folder last.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func unlessMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
