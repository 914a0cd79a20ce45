package reports

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
)

// replaceFile writes path through a temporary file beside it: temp, fsync,
// rename, fsync of the directory. Whatever happens, path holds either its old
// contents or all of the new ones, and no temporary file stays behind after an
// error. renameio gives atomicity; the directory's fsync makes it durable.
func replaceFile(path string, write func(io.Writer) error) error {
	dir := filepath.Dir(path)
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(dir), renameio.WithPermissions(0o644))
	if err != nil {
		return explain("write", path, err)
	}
	// Cleanup does nothing after a success; after an error there is nothing
	// to add to it.
	defer func() { _ = f.Cleanup() }()
	buffered := bufio.NewWriter(f)
	if err := write(buffered); err != nil {
		return explain("write", path, err)
	}
	if err := buffered.Flush(); err != nil {
		return explain("write", path, err)
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return explain("write", path, err)
	}
	return syncDir(dir)
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return explain("open", dir, err)
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return explain("sync", dir, err)
	}
	return nil
}

// explain says in an error what a person can do about it.
func explain(verb, path string, err error) error {
	advice := ""
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		advice = ": the disk is full: free some space or choose a reports folder on another disk"
	case errors.Is(err, syscall.EROFS):
		advice = ": the file system is read-only: choose a reports folder that can be written to"
	case errors.Is(err, fs.ErrPermission):
		advice = ": no permission to write there: choose another reports folder or change its permissions"
	case errors.Is(err, syscall.ENOTDIR):
		advice = ": a part of the path is a file, want folders: choose another reports folder"
	}
	return fmt.Errorf("%s %q%s: %w", verb, path, advice, err)
}
