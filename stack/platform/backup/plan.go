package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fournines/fournines/stack/platform/vault"
)

// errHole means that there is a database that cannot be restored.
var errHole = errors.New("cannot be restored")

// plan says what the database is restored from: the newest base backup that
// was complete before the target, and the log behind it. It is
// vault.ErrNothing when there never was a database, and errHole when it could
// not be restored, or not to the end of what is here; nobody may take that for
// nothing.
func (b *backup) plan() (vault.Plan, error) {
	system, err := b.system()
	if err != nil {
		return vault.Plan{}, err
	}
	if system == 0 {
		return vault.Plan{}, vault.ErrNothing
	}
	target, err := b.target()
	if err != nil {
		return vault.Plan{}, err
	}
	p := vault.Plan{System: system, AtLeast: b.state.received(), Target: target}
	bases, err := b.listBases()
	if err != nil {
		return p, err
	}
	found := false
	for _, base := range bases {
		if (target.Time == nil || !base.Ended.After(*target.Time)) && (target.LSN == 0 || base.End <= target.LSN) {
			p.Base, found = base, true
		}
	}
	if !found {
		return p, fmt.Errorf("database %d %w: none of the %d base backups was complete before the target; name a later one with POST /target", system, errHole, len(bases))
	}
	if target != (vault.Target{}) {
		p.AtLeast = 0
		return p, nil
	}
	gap, err := b.gap()
	if err == nil && gap != "" {
		err = fmt.Errorf("database %d %w to the end of its log: file %s is missing; POST /target with a position before it restores what can be", system, errHole, gap)
	}
	return p, err
}

// targetFile holds where the next restore stops.
func (c Config) targetFile() string { return filepath.Join(c.Data, "target.json") }

// target is where the next restore stops.
func (c Config) target() (t vault.Target, err error) {
	raw, err := os.ReadFile(c.targetFile())
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &t)
	}
	if err != nil {
		return t, fmt.Errorf("read where the next restore stops: %w", err)
	}
	return t, nil
}

// setTarget makes the next restore, and no later one, stop at the target; the
// zero value makes it go to the end.
func (b *backup) setTarget(t vault.Target) error {
	if t == (vault.Target{}) {
		return unlessMissing(os.Remove(b.targetFile()))
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return err
	}
	b.Log.Info("the next restore stops at", "target", string(raw))
	return writeWhole(b.targetFile(), raw)
}

// restored notes how a restore ended. A base that arrived damaged is checked
// here, and dropped if the damage is here.
func (b *backup) restored(r vault.Restored) error {
	if r.Damaged != "" {
		b.failed("restore", fmt.Errorf("base backup %q arrived damaged: %s", r.Label, r.Damaged))
		return nil
	}
	b.state.restored(r)
	b.Log.Info("the database was restored", "label", r.Label, "reached", r.Reached.String(), "seconds", r.Seconds)
	b.want() // the old bases lead to the new timeline only through the log of both
	return b.setTarget(vault.Target{})
}
