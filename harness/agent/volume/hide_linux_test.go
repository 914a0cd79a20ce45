package volume

import (
	"os"
	"path/filepath"
	"testing"
)

// hiding is the effect in a folder that counts as a volume.
func hiding(t *testing.T, folder string, args map[string]string) *hide {
	t.Helper()
	e, err := Hide(args)
	if err != nil {
		t.Fatal(err)
	}
	h := e.(*hide)
	h.at = func(name string) (place, error) { return find("24 22 0:99 / "+folder+" rw - tmpfs tmpfs rw\n", name) }
	return h
}

func TestWhatIsHiddenIsGoneAndComesBack(t *testing.T) {
	for _, tt := range []struct {
		name    string
		restore bool
		want    string
	}{
		{"what the target has not made again is put back", false, "old"},
		{"what the target has made again stays", true, "new"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			data := filepath.Join(folder, "cluster")
			put := func(text string) {
				t.Helper()
				if err := os.MkdirAll(data, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(data, "f"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			put("old")
			h := hiding(t, folder, map[string]string{"path": data})
			before, err := h.Before(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := h.Apply(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(data); !os.IsNotExist(err) {
				t.Fatalf("the folder is there: %v", err)
			}
			if seen, err := h.Seen(t.Context()); err != nil || !seen.Active {
				t.Errorf("Seen = %+v, %v; want it active", seen, err)
			}
			if tt.restore {
				put("new")
			}
			for range 2 { // by another agent, and twice
				if err := hiding(t, folder, map[string]string{"path": data}).Undo(t.Context(), before); err != nil {
					t.Fatal(err)
				}
			}
			if raw, err := os.ReadFile(filepath.Join(data, "f")); err != nil || string(raw) != tt.want {
				t.Errorf("afterwards it holds %q, %v; want %q", raw, err, tt.want)
			}
			if left, _ := os.ReadDir(folder); len(left) != 1 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestTheLastOfANameIsHiddenEverywhere(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"archive/0001", "archive/0002", "stream/1/0002", "stream/1/0003.partial"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := hiding(t, folder, map[string]string{"path": folder, "choose": Last, "match": "[0-9]{4}"})
	if _, err := h.Before(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]bool{"archive/0001": true, "archive/0002": false, "stream/1/0002": false, "stream/1/0003.partial": true} {
		if _, err := os.Stat(filepath.Join(folder, name)); (err == nil) != there {
			t.Errorf("%s: there is %v, want %v", name, err == nil, there)
		}
	}
}
