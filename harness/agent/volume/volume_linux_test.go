package volume

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

const mounts = `22 27 0:21 / / rw - overlay overlay rw
23 22 0:5 / /proc rw - proc proc rw
24 22 0:99 / /data rw - tmpfs tmpfs rw,size=65536k
25 22 254:0 /var/lib/docker/volumes/x/_data /data/plain rw - ext4 /dev/vda rw
26 22 254:0 /hosts /etc/hosts rw - ext4 /dev/vda rw
`

func TestWhereAPathIs(t *testing.T) {
	for _, tt := range []struct {
		name string
		want place
		err  string
	}{
		{"/data/a/b", place{"/data", true, "a/b"}, ""},
		{"/data", place{"/data", true, "."}, ""},
		{"/data/plain/f", place{"/data/plain", false, "f"}, ""},
		{"/database", place{}, "within one of the target's volumes (/data, /data/plain)"},
		{"/etc/hosts", place{}, "within one of the target's volumes"},
		{"/data/../etc/passwd", place{}, `without ".."`},
		{"data", place{}, "an absolute path"},
	} {
		got, err := find(mounts, tt.name)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("find(%q) = %+v, %v; want %+v, %s", tt.name, got, err, tt.want, tt.err)
		}
	}
}

// inFolder takes a folder for a volume.
func inFolder(folder string, whole bool) func(string) (place, error) {
	return func(name string) (place, error) {
		below, err := filepath.Rel(folder, name)
		return place{folder, whole, below}, err
	}
}

// file makes one with content and an old time.
func file(t *testing.T, content string) (folder, name string) {
	t.Helper()
	folder = t.TempDir()
	name = filepath.Join(folder, "file")
	if err := os.WriteFile(name, []byte(content), 0o640); err != nil {
		t.Fatal(err)
	}
	old := time.Unix(1_700_000_000, 123_456_789)
	if err := os.Chtimes(name, old, old); err != nil {
		t.Fatal(err)
	}
	return folder, name
}

// look is everything about a file that is to be as before.
func look(t *testing.T, name string) string {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().String() + info.ModTime().String() + string(raw)
}

// spoilers are the effects on a file.
func spoilers(folder, name string) map[string]func() agent.Effect {
	return map[string]func() agent.Effect{
		"corrupt":  func() agent.Effect { return &corrupt{path: name, bytes: 20, seed: 7, at: inFolder(folder, false)} },
		"truncate": func() agent.Effect { return &truncate{path: name, to: 10, at: inFolder(folder, false)} },
	}
}

func TestAFileIsSpoiltAndRestored(t *testing.T) {
	content := strings.Repeat("The quick brown fox. ", 100)
	for _, what := range []string{"corrupt", "truncate"} {
		t.Run(what, func(t *testing.T) {
			folder, name := file(t, content)
			whole := look(t, name)
			e := spoilers(folder, name)[what]()
			before, err := e.Before(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if now := look(t, name); now != whole {
				t.Error("Before changed the file")
			}
			if err := e.Apply(t.Context()); err != nil {
				t.Fatal(err)
			}
			if seen, err := e.Seen(t.Context()); err != nil || !seen.Active || look(t, name) == whole {
				t.Errorf("in effect: %+v, %v", seen, err)
			}
			again := spoilers(folder, name)[what]() // after the first was killed
			for range 2 {
				if err := again.Undo(t.Context(), before); err != nil {
					t.Fatal(err)
				}
				if now := look(t, name); now != whole {
					t.Errorf("after Undo: %.200s", now)
				}
			}
			if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
				t.Errorf("left in the folder: %v, %v", left, err)
			}
		})
	}
}

func TestWhatTheTargetWroteSinceStays(t *testing.T) {
	content := strings.Repeat("0123456789", 10)
	t.Run("truncate", func(t *testing.T) {
		folder, name := file(t, content)
		spoil(t, spoilers(folder, name)["truncate"](), func() {
			f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteString("NEW"); err != nil {
				t.Fatal(err)
			}
		})
		if raw, err := os.ReadFile(name); err != nil || string(raw) != content[:10]+"NEW"+content[13:] {
			t.Errorf("the file is %s, %v", raw, err)
		}
	})
	t.Run("corrupt", func(t *testing.T) {
		folder, name := file(t, content)
		spoil(t, spoilers(folder, name)["corrupt"](), func() {
			if err := os.WriteFile(name+".new", []byte("another"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(name+".new", name); err != nil {
				t.Fatal(err)
			}
		})
		if raw, err := os.ReadFile(name); err != nil || string(raw) != "another" {
			t.Errorf("the file that took its place is %s, %v", raw, err)
		}
	})
}

func spoil(t *testing.T, e agent.Effect, while func()) {
	t.Helper()
	before, err := e.Before(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Apply(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	while()
	if err := e.Undo(t.Context(), before); err != nil {
		t.Fatal(err)
	}
}

func TestRefusals(t *testing.T) {
	folder, name := file(t, "short")
	link := filepath.Join(folder, "link")
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	at := inFolder(folder, false)
	for _, tt := range []struct {
		rule string
		e    agent.Effect
		want string
	}{
		{"a symbolic link", &corrupt{path: link, bytes: 1, at: at}, "expected no symbolic link"},
		{"a folder", &corrupt{path: folder, bytes: 1, at: at}, "expected an ordinary file"},
		{"a file that is too short to be damaged", &corrupt{path: name, bytes: 6, at: at}, "at least 6 bytes"},
		{"a file that is too short to be cut", &truncate{path: name, to: 5, at: at}, "more than 5 bytes"},
		{"a volume on the machine's disk", &fill{path: folder, percent: 100, at: at}, "docker volume create --opt type=tmpfs"},
	} {
		if _, err := tt.e.Before(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s", tt.rule, err, tt.want)
		}
	}
	for _, args := range []map[string]string{{"bytes": "0"}, {"bytes": "5", "seed": "x"}} {
		if _, err := Corrupt(args); err == nil {
			t.Errorf("Corrupt(%v) is no error", args)
		}
	}
	if _, err := Fill(map[string]string{"percent": "101"}); err == nil {
		t.Error("filling to 101 % is no error")
	}
	if _, err := Truncate(map[string]string{"to": "-1"}); err == nil {
		t.Error("cutting after -1 bytes is no error")
	}
}
