package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/stack/platform/vault"
)

// metaSuffix names the file beside a base backup that says what it is. It is
// written last: a base without it is none.
const metaSuffix = ".json"

// baseLimit bounds the making of one base backup.
const baseLimit = 10 * time.Minute

// manifest is PostgreSQL's backup_manifest, as far as it matters here.
type manifest struct {
	Files []struct {
		Path     string
		Size     int64
		Checksum string
	}
	Ranges []struct {
		Timeline uint32
		Start    vault.LSN `json:"Start-LSN"`
		End      vault.LSN `json:"End-LSN"`
	} `json:"WAL-Ranges"`
}

func readManifest(folder string) (m manifest, err error) {
	raw, err := os.ReadFile(filepath.Join(folder, "backup_manifest"))
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err == nil && len(m.Ranges) == 0 {
		err = errors.New("want where its log begins and ends, saw nothing")
	}
	if err != nil {
		return m, fmt.Errorf("read the manifest of base backup %q: %w", filepath.Base(folder), err)
	}
	return m, nil
}

// makeBase copies the whole database, with the log that it needs and a
// manifest of SHA-256 sums, compares it with the manifest, and keeps it. One
// is made at a time.
func (b *backup) makeBase(ctx context.Context) (base vault.Base, err error) {
	b.making.Lock()
	defer b.making.Unlock()
	ctx, cancel := context.WithTimeout(ctx, baseLimit)
	defer cancel()
	base.Began = time.Now().UTC()
	base.Label = base.Began.Format("20060102T150405.000Z")
	unfinished, final := filepath.Join(b.bases(), ".new-"+base.Label), filepath.Join(b.bases(), base.Label)
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("make base backup %q: %w", base.Label, err), os.RemoveAll(unfinished))
		}
	}()
	if err := b.run(ctx, b.password(), b.program("pg_basebackup"), "--pgdata", unfinished, "--format", "plain", "--wal-method", "stream",
		"--checkpoint", "fast", "--manifest-checksums", "SHA256", "--label", base.Label, "--no-password", "--dbname", b.source("fournines-base")); err != nil {
		return base, err
	}
	if err := b.verify(ctx, unfinished); err != nil {
		return base, err
	}
	m, err := readManifest(unfinished)
	if err != nil {
		return base, err
	}
	base.Timeline, base.Start, base.End = m.Ranges[0].Timeline, m.Ranges[0].Start, m.Ranges[len(m.Ranges)-1].End
	for _, f := range m.Files {
		base.Bytes += f.Size
	}
	if base.Shared, err = b.share(m, unfinished); err != nil {
		return base, err
	}
	base.Ended = time.Now().UTC()
	meta, err := json.MarshalIndent(base, "", "  ")
	if err != nil {
		return base, err
	}
	if err := errors.Join(os.Rename(unfinished, final), syncFolder(b.bases()), writeWhole(final+metaSuffix, meta)); err != nil {
		return base, err
	}
	b.state.based(base)
	b.tellBase(base)
	b.Log.Info("made a base backup", "label", base.Label, "start", base.Start.String(), "bytes", base.Bytes, "shared", base.Shared, "took", base.Ended.Sub(base.Began).String())
	return base, errors.Join(b.retain())
}

// verify compares a base backup with its manifest, and reads its log.
func (b *backup) verify(ctx context.Context, folder string) error {
	return b.run(ctx, nil, b.program("pg_verifybackup"), "--exit-on-error", "--quiet", folder)
}

// share lets the files of a new base that are the same in the newest of the
// others take no space of their own, where the volume can; it returns how many
// bytes that are.
func (b *backup) share(m manifest, folder string) (shared int64, err error) {
	others, err := b.listBases()
	if err != nil || len(others) == 0 || !b.reflinks {
		return 0, err
	}
	before := filepath.Join(b.bases(), others[len(others)-1].Label)
	old, err := readManifest(before)
	if err != nil {
		return 0, nil //nolint:nilerr // a base that is damaged is not shared with; the next check finds it
	}
	sums := map[string]string{}
	for _, f := range old.Files {
		sums[f.Path] = f.Checksum
	}
	for _, f := range m.Files {
		if f.Size == 0 || f.Checksum == "" || sums[f.Path] != f.Checksum {
			continue
		}
		if err := shareFile(filepath.Join(before, f.Path), filepath.Join(folder, f.Path)); err != nil {
			return shared, err
		}
		shared += f.Size
	}
	if shared > 0 { // the older file could have been damaged since its sum was taken
		err = b.verify(context.Background(), folder)
	}
	return shared, err
}

// listBases are the base backups that are complete, the oldest first.
func (c Config) listBases() ([]vault.Base, error) {
	entries, err := os.ReadDir(c.bases())
	if err != nil {
		return nil, fmt.Errorf("list the base backups: %w", err)
	}
	var all []vault.Base
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), metaSuffix) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(c.bases(), e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // dropped meanwhile
		}
		var base vault.Base
		if err == nil {
			err = json.Unmarshal(raw, &base)
		}
		if err != nil {
			return nil, fmt.Errorf("read what base backup %q is: %w", e.Name(), err)
		}
		all = append(all, base)
	}
	slices.SortFunc(all, func(x, y vault.Base) int { return x.Began.Compare(y.Began) })
	return all, nil
}

// drop removes a base backup; first what makes it one.
func (c Config) drop(label string) error {
	return errors.Join(unlessMissing(os.Remove(filepath.Join(c.bases(), label+metaSuffix))), os.RemoveAll(filepath.Join(c.bases(), label)))
}
