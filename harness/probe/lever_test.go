package probe

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFileLever(t *testing.T) {
	dir := t.TempDir()
	lever := FileLever(filepath.Join(dir, "stop"))
	if err := lever.Check(t.Context()); err != nil {
		t.Errorf("without the file: %v, want it to go on", err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "stop")); err != nil {
		t.Fatal(err)
	}
	if err := lever.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "the file is there") {
		t.Errorf("with a link that leads nowhere: %v, want it pulled", err)
	}
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for rule, path := range map[string]string{
		"a folder that is gone":        filepath.Join(dir, "share", "stop"),
		"a folder that is no folder":   filepath.Join(plain, "stop"),
		"a name that no file can have": filepath.Join(dir, strings.Repeat("x", 300)),
	} {
		if err := FileLever(path).Check(t.Context()); err == nil || !strings.Contains(err.Error(), "counts as pulled") {
			t.Errorf("%s: %v, want it to count as pulled", rule, err)
		}
	}
	if got := lever.String(); !strings.Contains(got, filepath.Join(dir, "stop")) {
		t.Errorf("it is called %s, want its path", got)
	}
}

func TestURLLever(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		status int
		body   string
		want   string // part of the error; empty to go on
	}{
		{"go", 200, "go\n", ""},
		{"ok", 200, " OK ", ""},
		{"run", 299, "run", ""},
		{"stop", 200, "stop\n", "it is pulled: the page says stop"},
		{"shouted", 200, "STOP", "it is pulled"},
		{"a page of somebody else", 200, "<html>hello</html>", "counts as pulled: want a page that says"},
		{"an empty page", 204, "", "counts as pulled"},
		{"an error", 503, "go", "want status 200 to 299, saw 503"},
		{"a page that is elsewhere", 302, "go", "saw 302"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "/go")
				w.WriteHeader(tt.status)
				fmt.Fprint(w, tt.body)
			}))
			defer server.Close()
			lever, err := URLLever(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			err = lever.Check(t.Context())
			if (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Check = %v, want %q", err, tt.want)
			}
		})
	}
	t.Run("one that does not answer", func(t *testing.T) {
		hang := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
		defer server.Close()
		defer close(hang)
		lever, err := URLLever(server.URL, Timeout(50*time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		if err := lever.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "counts as pulled: no answer within 50ms") {
			t.Errorf("Check = %v, want it to count as pulled", err)
		}
	})
	t.Run("one of another machine has to be allowed", func(t *testing.T) {
		if _, err := URLLever("http://lever.example/"); err == nil || !strings.Contains(err.Error(), "not allowed") {
			t.Errorf("URLLever = %v, want it refused", err)
		}
		if _, err := URLLever("http://lever.example/", AllowHosts("lever.example")); err != nil {
			t.Errorf("allowed: %v", err)
		}
	})
}
