package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fournines/fournines/stack/platform/vault"
)

// retain drops what is older than the Keep newest base backups, and the log
// that no base needs any more. Histories of timelines stay, and so does the
// newest file of every stream: from it the stream goes on.
func (b *backup) retain() error {
	bases, err := b.listBases()
	if err != nil {
		return err
	}
	for len(bases) > b.Keep {
		if err := b.drop(bases[0].Label); err != nil {
			return fmt.Errorf("drop base backup %q: %w", bases[0].Label, err)
		}
		b.Log.Info("dropped a base backup", "label", bases[0].Label)
		bases = bases[1:]
	}
	if len(bases) == 0 {
		return nil
	}
	oldest := bases[0].Start
	for _, base := range bases {
		oldest = min(oldest, base.Start)
	}
	return errors.Join(dropLog(b.archive(), oldest, false), b.eachStream(func(folder string) error { return dropLog(folder, oldest, true) }))
}

// eachStream calls do for the folder of every timeline.
func (c Config) eachStream(do func(folder string) error) error {
	entries, err := os.ReadDir(c.streams())
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		errs = append(errs, do(filepath.Join(c.streams(), e.Name())))
	}
	return errors.Join(errs...)
}

// dropLog removes the files of a folder that end at or before a position, with
// their sums, and without the newest if that is to stay.
func dropLog(folder string, before vault.LSN, keepNewest bool) error {
	entries, err := os.ReadDir(folder) // in the order of names, which is that of the log
	if err != nil {
		return err
	}
	var errs []error
	for i, e := range entries {
		name, _, _ := strings.Cut(e.Name(), ".")
		segment, ok := vault.ParseSegment(name)
		if ok && segment.End() <= before && (!keepNewest || i < len(entries)-1) {
			errs = append(errs, unlessMissing(os.Remove(filepath.Join(folder, e.Name()))))
		}
	}
	return errors.Join(errs...)
}
