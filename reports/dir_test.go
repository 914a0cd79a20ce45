package reports

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

func create(t *testing.T) *Dir {
	t.Helper()
	d, err := Create(filepath.Join(t.TempDir(), "reports", "runs"), sampleRun)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestCreate(t *testing.T) {
	t.Run("parents are made", func(t *testing.T) {
		d := create(t)
		if info, err := os.Stat(d.Path()); err != nil || !info.IsDir() {
			t.Errorf("Stat(%q) = %v, %v, want a folder", d.Path(), info, err)
		}
	})
	for _, id := range []string{"", ".", "..", "a/b", "../a", "/etc"} {
		t.Run("a run ID that leaves the root is refused: "+id, func(t *testing.T) {
			root := t.TempDir()
			if _, err := Create(root, id); err == nil || !strings.Contains(err.Error(), "one plain folder name") {
				t.Errorf("Create(%q) = %v, want an error that says what an ID is", id, err)
			}
			if got := names(t, root); len(got) != 0 {
				t.Errorf("left behind: %v", got)
			}
		})
	}
	t.Run("another run's directory is never written to", func(t *testing.T) {
		root := t.TempDir()
		if _, err := Create(root, "a"); err != nil {
			t.Fatal(err)
		}
		if _, err := Create(root, "a"); !errors.Is(err, fs.ErrExist) {
			t.Errorf("second Create = %v, want ErrExist", err)
		}
	})
	t.Run("a root that is a file says so", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Create(filepath.Join(file, "runs"), "a")
		if err == nil || !strings.Contains(err.Error(), "choose another reports folder") {
			t.Errorf("Create = %v, want advice", err)
		}
	})
	t.Run("a read-only root says so", func(t *testing.T) {
		if os.Geteuid() == 0 {
			t.Skip("root may write anywhere: the advice is tested in TestExplain")
		}
		root := t.TempDir()
		if err := os.Chmod(root, 0o500); err != nil {
			t.Fatal(err)
		}
		if _, err := Create(root, "a"); err == nil || !strings.Contains(err.Error(), "no permission") {
			t.Errorf("Create = %v, want advice", err)
		}
	})
}

func TestExplain(t *testing.T) {
	for err, want := range map[error]string{
		syscall.ENOSPC:  "free some space",
		syscall.EDQUOT:  "free some space",
		syscall.EROFS:   "read-only",
		syscall.EACCES:  "no permission",
		syscall.ENOTDIR: "is a file",
	} {
		wrapped := explain("write", "x", &fs.PathError{Op: "open", Path: "x", Err: err})
		if !strings.Contains(wrapped.Error(), want) || !errors.Is(wrapped, err) {
			t.Errorf("explain(%v) = %q, want %q and the cause", err, wrapped, want)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Run("all files are there and nothing else", func(t *testing.T) {
		d, s := create(t), passSample()
		if err := d.Write(s.verdicts, s.evidence, nil); err != nil {
			t.Fatal(err)
		}
		want := []string{JUnitFile, HTMLFile, MarkdownFile, VerdictFile}
		if diff := cmp.Diff(want, names(t, d.Path())); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a later call replaces the files", func(t *testing.T) {
		d, one, two := create(t), passSample(), samples()["suite"]
		for _, s := range []sample{one, two} {
			if err := d.Write(s.verdicts, s.evidence, nil); err != nil {
				t.Fatal(err)
			}
		}
		got, err := d.Verdicts()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(two.verdicts, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a file that cannot be written does not stop the others", func(t *testing.T) {
		d, s := create(t), passSample()
		if err := os.MkdirAll(filepath.Join(d.File(HTMLFile), "in the way"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(s.verdicts, s.evidence, nil); err == nil || !strings.Contains(err.Error(), HTMLFile) {
			t.Errorf("Write = %v, want an error that names %s", err, HTMLFile)
		}
		for _, name := range []string{VerdictFile, JUnitFile, MarkdownFile} {
			if _, err := os.Stat(d.File(name)); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestReplaceFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := replaceFile(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, strings.Repeat("new", 10_000)); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("replaceFile = %v, want %v", err, broken)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("after an error the file holds %d bytes, want the old ones", len(got))
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"file"}) {
		t.Errorf("left behind: %v", got)
	}
}

func TestPlans(t *testing.T) {
	d := create(t)
	if _, err := d.Plans(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Plans of an empty run = %v, want ErrNotExist", err)
	}
	want := []harness.Plan{killEvidence(1).Plan, killEvidence(2).Plan}
	if err := d.WritePlans(want); err != nil {
		t.Fatal(err)
	}
	got, err := d.Plans()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Plans: %v\n%s", err, diff)
	}
}

func TestOpenDir(t *testing.T) {
	t.Run("a run without verdicts has none, which is no error", func(t *testing.T) {
		d, err := OpenDir(create(t).Path())
		if err != nil {
			t.Fatal(err)
		}
		if v, err := d.Verdicts(); v != nil || err != nil {
			t.Errorf("Verdicts = %v, %v, want nil, nil", v, err)
		}
		if d.RunID() != sampleRun {
			t.Errorf("RunID = %q, want the folder's name", d.RunID())
		}
	})
	t.Run("a folder that does not exist", func(t *testing.T) {
		if _, err := OpenDir(filepath.Join(t.TempDir(), "no")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("OpenDir = %v, want ErrNotExist", err)
		}
	})
	t.Run("a file of a newer schema is refused, not misread", func(t *testing.T) {
		d := create(t)
		if err := os.WriteFile(d.File(VerdictFile), []byte(`{"schema":99}`), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Verdicts(); err == nil || !strings.Contains(err.Error(), "schema") {
			t.Errorf("Verdicts = %v, want an error about the schema", err)
		}
	})
	t.Run("a file that is not JSON names itself", func(t *testing.T) {
		d := create(t)
		if err := os.WriteFile(d.File(PlanFile), []byte(`{`), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Plans(); err == nil || !strings.Contains(err.Error(), PlanFile) {
			t.Errorf("Plans = %v, want an error that names the file", err)
		}
	})
}
