package config

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// script is a source that says what it is told to say.
type script []Update

func (script) String() string { return "script" }

func (s script) Watch(_ context.Context, emit func(Update)) error {
	for _, u := range s {
		emit(u)
	}
	return nil
}

func TestFollowKeepsTheLastGoodDocument(t *testing.T) {
	var used []string
	var states []State
	err := Follow(t.Context(), script{
		{Document: []byte("one"), Version: "1"},
		{Document: []byte("bad"), Version: "2"},
		{Document: []byte("bad"), Version: "2"},
		{Err: errors.New("no route")},
		{Document: []byte("bad"), Version: "2"},
		{Document: []byte("three"), Version: "3"},
		{Err: errors.New("no route")},
		{Document: []byte("three"), Version: "3"},
	}, func(document []byte) error {
		if string(document) == "bad" {
			return errors.New("it is bad")
		}
		used = append(used, string(document))
		return nil
	}, quiet, func(s State) { states = append(states, s) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"one", "three"}, used); diff != "" {
		t.Errorf("used (-want +got):\n%s", diff)
	}
	want := []State{
		{Version: "1"},
		{Version: "1", Refused: "2", Reason: "it is bad"},
		{Version: "1", Refused: "2", Reason: "it is bad", Away: "no route"},
		{Version: "1", Refused: "2", Reason: "it is bad"},
		{Version: "3"},
		{Version: "3", Away: "no route"},
		{Version: "3"},
	}
	if diff := cmp.Diff(want, states, cmpopts.IgnoreFields(State{}, "Source", "Applied")); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	var b Board
	b.Set(states[0])
	if b.State() != states[0] {
		t.Error("the board shows something else than what was set")
	}
}

func TestFollowStopsWhenTheDocumentGoesBack(t *testing.T) {
	var used []string
	_ = Follow(t.Context(), script{
		{Document: []byte("one"), Version: "1"}, {Document: []byte("bad"), Version: "2"}, {Document: []byte("one"), Version: "1"},
	}, func(d []byte) error {
		if string(d) == "bad" {
			return errors.New("bad")
		}
		used = append(used, string(d))
		return nil
	}, quiet, func(s State) {
		if s.Version == "1" && len(used) > 1 {
			t.Errorf("used %v", used)
		}
	})
}

// watching collects what a source says, until the test ends.
func watching(t *testing.T, s Source) <-chan Update {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	updates := make(chan Update, 16)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.Watch(ctx, func(u Update) { updates <- u }); err != nil {
			t.Errorf("Watch: %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	return updates
}

func TestFileIsReadAgainWhenItChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gateway.json")
	synctest.Test(t, func(t *testing.T) {
		updates := watching(t, newFile(path))
		if u := <-updates; !errors.Is(u.Err, os.ErrNotExist) {
			t.Errorf("without a file: %+v", u)
		}
		for _, text := range []string{`{"a":1}`, `{"a":2}`} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if u := <-updates; string(u.Document) != text || u.Version != hash([]byte(text)) {
				t.Errorf("after %s: %+v", text, u)
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if u := <-updates; u.Err == nil {
			t.Errorf("after the file is gone: %+v", u)
		}
		if err := os.WriteFile(path, []byte(`{"a":2}`), 0o600); err != nil {
			t.Fatal(err)
		}
		if u := <-updates; string(u.Document) != `{"a":2}` {
			t.Errorf("after the file is back: %+v", u)
		}
		time.Sleep(10 * lookEvery)
		if len(updates) > 0 {
			t.Errorf("without a change: %+v", <-updates)
		}
	})
}

// A ConfigMap is mounted as links to a folder that is replaced whole.
func TestFolderFollowsLinksThatAreSwapped(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	point := func(to string) {
		if err := os.Symlink(to, filepath.Join(dir, "..new")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, "..new"), filepath.Join(dir, "..data")); err != nil {
			t.Fatal(err)
		}
	}
	write("..1/routes.json", `{"routes":[1]}`)
	write("..1/limits.json", `{"limits":{"a":1}}`)
	write("..2/routes.json", `{"routes":[2]}`)
	write("..2/limits.json", `{"limits":{"a":1}}`)
	point("..1")
	for _, name := range []string{"routes.json", "limits.json"} {
		if err := os.Symlink("..data/"+name, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		updates := watching(t, newFolder(dir))
		if u := <-updates; string(u.Document) != `{"limits":{"a":1},"routes":[1]}` {
			t.Errorf("first: %s, %v", u.Document, u.Err)
		}
		point("..2")
		if u := <-updates; string(u.Document) != `{"limits":{"a":1},"routes":[2]}` {
			t.Errorf("second: %s, %v", u.Document, u.Err)
		}
	})
}

func TestFolderRefuses(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"saw none":               {},
		`"a" is in`:              {"x.json": `{"a":1}`, "y.json": `{"a":2}`},
		"want a JSON object":     {"x.json": `[1]`},
		"want at most 1048576 b": {"x.json": strings.Repeat(" ", largest+1)},
	} {
		dir := t.TempDir()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := readFolder(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("readFolder = %v, want %q", err, want)
		}
	}
}

func TestVariable(t *testing.T) {
	env := map[string]string{"GATEWAY": `{"a":1}`}
	for name, want := range map[string]string{"GATEWAY": `{"a":1}`, "OTHER": ""} {
		s, err := Open("env:"+name, nil, func(n string) string { return env[n] })
		if err != nil {
			t.Fatal(err)
		}
		if u := <-watching(t, s); string(u.Document) != want || (u.Err == nil) != (want != "") {
			t.Errorf("%s: %+v", name, u)
		}
	}
}

// keys is a registry with one key.
type keys struct{ name string }

func (k keys) WatchKey(ctx context.Context, key string, emit func([]byte, string, error)) error {
	if key == k.name {
		emit([]byte("document"), "7", nil)
	} else {
		emit(nil, "", errors.New("it does not exist"))
	}
	<-ctx.Done()
	return nil
}

func TestKey(t *testing.T) {
	s, err := Open("etcd:/shop/gateway", keys{"/shop/gateway"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if u := <-watching(t, s); string(u.Document) != "document" || u.Version != "7" {
		t.Errorf("%+v", u)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, address := range []string{"", "gateway.json", "file:", "git:/x", "etcd:/x", "etcd:x", "apollo:http://host/app", "apollo:ftp://host/a/b/c", "apollo:http://host/%zz/b/c"} {
		if _, err := Open(address, nil, os.Getenv); err == nil || !strings.Contains(err.Error(), "open configuration") {
			t.Errorf("Open(%q) = %v", address, err)
		}
	}
}
