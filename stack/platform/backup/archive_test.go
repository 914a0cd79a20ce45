package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/fournines/fournines/stack/platform/transition"
	"github.com/fournines/fournines/stack/platform/vault"
)

// newBackup is a backup that runs nothing.
func newBackup(t *testing.T) *backup {
	t.Helper()
	b := &backup{Config: Config{Data: t.TempDir(), Scratch: t.TempDir(), Keep: 2, Log: slog.New(slog.DiscardHandler)}, told: transition.New(), wanted: make(chan struct{}, 1)}
	b.state.failures = map[string]float64{}
	if err := b.folders(); err != nil {
		t.Fatal(err)
	}
	return b
}

// segment is the content of a file of the log of a database.
func segment(system uint64, text string) []byte {
	page := make([]byte, 64)
	binary.LittleEndian.PutUint16(page[2:], 2)
	binary.LittleEndian.PutUint64(page[24:], system)
	return append(page, text...)
}

// send does what the rsync daemon does, and asks for the file to be archived.
func send(t *testing.T, b *backup, name string, content []byte) error {
	t.Helper()
	write(t, filepath.Join(b.incoming(), name), content)
	sum := sha256.Sum256(content)
	return b.accept(name, hex.EncodeToString(sum[:]))
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

const first = "000000010000000000000001"

func TestTheArchive(t *testing.T) {
	t.Run("takes a file once and again, and nothing stays where it came in", func(t *testing.T) {
		b := newBackup(t)
		for range 2 {
			if err := send(t, b, first, segment(7, "a")); err != nil {
				t.Fatal(err)
			}
		}
		if left, err := os.ReadDir(b.incoming()); err != nil || len(left) != 0 {
			t.Errorf("left where it came in: %v, %v", left, err)
		}
		if len(b.whole(filepath.Join(b.archive(), first))) != 1 {
			t.Error("the archived file does not have its sum")
		}
	})
	t.Run("never overwrites a file with a different one", func(t *testing.T) {
		b := newBackup(t)
		if err := send(t, b, first, segment(7, "a")); err != nil {
			t.Fatal(err)
		}
		if err := send(t, b, first, segment(7, "b")); !errors.Is(err, errDifferent) {
			t.Errorf("error %v, want errDifferent", err)
		}
		if raw, err := os.ReadFile(filepath.Join(b.archive(), first)); err != nil || string(raw) != string(segment(7, "a")) {
			t.Errorf("the archived file has changed: %q, %v", raw, err)
		}
	})
	t.Run("refuses what arrived damaged", func(t *testing.T) {
		b := newBackup(t)
		write(t, filepath.Join(b.incoming(), first), segment(7, "a"))
		if err := b.accept(first, hex.EncodeToString(make([]byte, sha256.Size))); err == nil {
			t.Error("a file with another sum was accepted")
		}
	})
	t.Run("is of one database only", func(t *testing.T) {
		b := newBackup(t)
		if err := send(t, b, first, segment(7, "a")); err != nil {
			t.Fatal(err)
		}
		if err := send(t, b, "000000010000000000000002", segment(8, "a")); !errors.Is(err, errDifferent) {
			t.Errorf("error %v, want errDifferent", err)
		}
	})
}

func TestACheckRepairsFromTheStreamOrDropsAndSaysSo(t *testing.T) {
	b := newBackup(t)
	second := "000000010000000000000002"
	for _, name := range []string{first, second} {
		if err := send(t, b, name, segment(7, name)); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(b.archive(), name), segment(7, "damaged"))
	}
	write(t, filepath.Join(b.streams(), "00000001", first), segment(7, first))
	found, err := b.check(t.Context())
	if err != nil || found.Files != 2 || len(found.Repaired) != 1 || found.Repaired[0] != first || len(found.Damaged) != 1 || found.Damaged[0] != second {
		t.Fatalf("check = %+v, %v; want the first repaired and the second damaged", found, err)
	}
	if len(b.wanted) != 1 {
		t.Error("no new base backup is wanted, although the log has a hole")
	}
	if found, err := b.check(t.Context()); err != nil || len(found.Repaired)+len(found.Damaged) != 0 {
		t.Errorf("the second check = %+v, %v; want nothing left to say", found, err)
	}
}

func TestNothingIsNotTakenForAHole(t *testing.T) {
	b := newBackup(t)
	if _, err := b.plan(); !errors.Is(err, vault.ErrNothing) {
		t.Errorf("plan of an empty backup: %v, want ErrNothing", err)
	}
	if err := b.pin(7); err != nil {
		t.Fatal(err)
	}
	if _, err := b.plan(); !errors.Is(err, errHole) {
		t.Errorf("plan of a backup with a database and no base: %v, want errHole", err)
	}
}
