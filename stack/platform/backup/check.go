package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/fournines/fournines/stack/platform/vault"
)

// Checked is what a check of everything that is kept has found.
type Checked struct {
	// Bases and Files are how many base backups and files of the log were
	// compared with their sums.
	Bases int `json:"bases"`
	Files int `json:"files"`
	// Repaired files were put back from the stream; Damaged ones, by name,
	// could not be, and neither can a base backup.
	Repaired []string `json:"repaired,omitempty"`
	Damaged  []string `json:"damaged,omitempty"`
	// Gap is the first file of the log that a restore from the newest base
	// would want and not get; empty when there is none.
	Gap string `json:"gap,omitempty"`
}

// check reads everything that is kept. What is damaged is repaired where it is
// there twice, else dropped; whatever a restore to the end of the log then
// lacks, a new base backup makes unnecessary, and one is asked for.
func (b *backup) check(ctx context.Context) (found Checked, err error) {
	bases, err := b.listBases()
	if err != nil {
		return found, err
	}
	var errs []error
	for _, base := range bases {
		found.Bases++
		err := b.verify(ctx, filepath.Join(b.bases(), base.Label))
		if ctx.Err() != nil {
			return found, context.Cause(ctx)
		}
		if err != nil && b.isBase(base.Label) {
			found.Damaged = append(found.Damaged, base.Label)
			b.Log.Error("a base backup is damaged and is dropped", "label", base.Label, "error", err.Error())
			errs = append(errs, b.drop(base.Label))
		}
	}
	errs = append(errs, b.checkArchive(ctx, &found))
	if found.Gap, err = b.gap(); err != nil {
		errs = append(errs, err)
	}
	b.state.checked(found)
	if len(found.Damaged) > 0 || found.Gap != "" {
		b.Log.Error("what is kept has a hole, a new base backup is made", "damaged", found.Damaged, "gap", found.Gap)
		b.want()
	}
	return found, errors.Join(errs...)
}

// isBase is false for one that was dropped meanwhile.
func (c Config) isBase(label string) bool {
	_, err := os.Stat(filepath.Join(c.bases(), label+metaSuffix))
	return err == nil
}

// checkArchive compares every file that has a sum with it: also one that is
// not there any more.
func (b *backup) checkArchive(ctx context.Context, found *Checked) error {
	entries, err := os.ReadDir(b.archive())
	if err != nil {
		return err
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), sumSuffix)
		if !ok || !vault.IsLogFile(name) {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		found.Files++
		repaired, err := b.checkFile(name)
		switch {
		case err != nil:
			found.Damaged = append(found.Damaged, name)
			b.Log.Error("a file of the archive is damaged", "name", name, "error", err.Error())
		case repaired:
			found.Repaired = append(found.Repaired, name)
			b.Log.Warn("a file of the archive was damaged and is repaired from the stream", "name", name)
		}
	}
	return nil
}

// checkFile compares one file of the archive with its sum, and repairs it. One
// that cannot be repaired is dropped, so that no restore gets it.
func (b *backup) checkFile(name string) (repaired bool, err error) {
	b.filing.Lock()
	defer b.filing.Unlock()
	path := filepath.Join(b.archive(), name)
	want, err := readSum(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // dropped meanwhile
	}
	if err != nil {
		return false, err
	}
	saw, err := sumOf(path)
	if err == nil && saw == want {
		return false, nil
	}
	if err == nil {
		err = fmt.Errorf("want sum %s, saw %s", want, saw)
	}
	for _, copy := range b.streamed(name) {
		if sum, other := sumOf(copy); other == nil && sum == want {
			return true, b.replace(copy, path, want)
		}
	}
	return false, errors.Join(err, unlessMissing(os.Remove(path)), unlessMissing(os.Remove(path+sumSuffix)))
}

// replace puts a copy of a file in the place of a damaged one.
func (b *backup) replace(from, to, sum string) error {
	unfinished := filepath.Join(filepath.Dir(to), "."+filepath.Base(to)+".repair")
	if err := unlessMissing(os.Remove(unfinished)); err != nil {
		return err
	}
	if err := copyFile(from, unfinished, 0o600, b.reflinks); err != nil {
		return err
	}
	saw, err := sumOf(unfinished)
	if err == nil && saw != sum {
		err = fmt.Errorf("want sum %s of the repaired file, saw %s", sum, saw)
	}
	return errors.Join(err, os.Rename(unfinished, to), syncFolder(filepath.Dir(to)))
}

// streamed are the complete files of a name in the streams.
func (c Config) streamed(name string) []string {
	matches, _ := filepath.Glob(filepath.Join(c.streams(), "*", name)) // the pattern is sound
	return matches
}

// gap is the first file that recovery from the newest base would lack, although
// later ones are there.
func (b *backup) gap() (string, error) {
	bases, err := b.listBases()
	if err != nil || len(bases) == 0 {
		return "", err
	}
	newest := bases[len(bases)-1]
	have := map[uint64]bool{}
	last := vault.Segment{}
	folders := []string{b.archive()}
	err = b.eachStream(func(folder string) error { folders = append(folders, folder); return nil })
	for _, folder := range folders {
		entries, readErr := os.ReadDir(folder)
		err = errors.Join(err, readErr)
		for _, e := range entries {
			segment, ok := vault.ParseSegment(strings.TrimSuffix(e.Name(), ".partial"))
			if !ok || segment.Timeline < newest.Timeline {
				continue
			}
			have[segment.Number] = true
			if segment.Number > last.Number {
				last = segment
			}
		}
	}
	for s := vault.At(newest.Timeline, newest.End); s.Number < last.Number; s.Number++ {
		if !have[s.Number] {
			return s.Name(), err
		}
	}
	return "", err
}
