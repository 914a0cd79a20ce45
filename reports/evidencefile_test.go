package reports

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestEvidence(t *testing.T) {
	t.Run("lines are appended and can be read while writing", func(t *testing.T) {
		d := create(t)
		w := d.Evidence()
		for _, l := range []string{"{\"a\":1}\n", "{\"b\":2}\n{\"c\":3}\n"} {
			if n, err := io.WriteString(w, l); n != len(l) || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
		}
		r, err := d.OpenEvidence()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		got, err := io.ReadAll(r)
		if want := "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n"; string(got) != want || err != nil {
			t.Errorf("evidence = %q, %v, want %q", got, err, want)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("a second writer goes on where the first ended", func(t *testing.T) {
		d := create(t)
		for _, l := range []string{"1\n", "2\n"} {
			w := d.Evidence()
			if _, err := io.WriteString(w, l); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if got, _ := os.ReadFile(d.File(EvidenceFile)); string(got) != "1\n2\n" {
			t.Errorf("evidence = %q", got)
		}
	})
	t.Run("a closed writer refuses", func(t *testing.T) {
		w := create(t).Evidence()
		if err := errors.Join(w.Close(), w.Close()); err != nil {
			t.Errorf("Close twice = %v, want nil", err)
		}
		if _, err := w.Write([]byte("x\n")); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("Write = %v, want ErrClosed", err)
		}
	})
	t.Run("a full disk is said in words", func(t *testing.T) {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("no /dev/full on this system: the advice is tested in TestExplain")
		}
		w := &evidenceWriter{path: "evidence.jsonl", file: full}
		defer w.Close()
		n, err := w.Write([]byte("x\n"))
		if n != 0 || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free some space") {
			t.Errorf("Write = %d, %v, want 0 and advice", n, err)
		}
	})
	t.Run("half a line never stays behind", func(t *testing.T) {
		d := create(t)
		w := d.Evidence().(*evidenceWriter)
		if _, err := io.WriteString(w, "{\"a\":1}\n"); err != nil {
			t.Fatal(err)
		}
		// The next write gets through by half: the disk may hold 12 bytes.
		var old syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Skip(err)
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 12, Max: old.Max}); err != nil {
			t.Skip(err)
		}
		_, writeErr := io.WriteString(w, "{\"bbbbbbbbbbbb\":2}\n")
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Fatal(err)
		}
		if writeErr == nil {
			t.Fatal("a write beyond the limit succeeded")
		}
		if got, _ := os.ReadFile(d.File(EvidenceFile)); string(got) != "{\"a\":1}\n" {
			t.Errorf("evidence = %q, want only the whole line", got)
		}
	})
	t.Run("no evidence says which file was wanted", func(t *testing.T) {
		_, err := create(t).OpenEvidence()
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), EvidenceFile) {
			t.Errorf("OpenEvidence = %v", err)
		}
	})
}
