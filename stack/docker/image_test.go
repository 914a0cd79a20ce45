package docker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestContentHash(t *testing.T) {
	a := contentHash([]byte("ab"), []byte("c"))
	if b := contentHash([]byte("a"), []byte("bc")); a == b {
		t.Errorf("contents that differ only in where they are cut have the same hash %q", a)
	}
	if b := contentHash([]byte("ab"), []byte("c")); a != b {
		t.Errorf("equal contents have the hashes %q and %q", a, b)
	}
}

// imageStore is an engine that has the images in made, and none older.
func imageStore(t *testing.T, made map[string]bool) *engine {
	t.Helper()
	return fakeEngine(t, map[string]http.HandlerFunc{
		"GET /images/json": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[]") },
		"GET /images/x:1/json": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if !made["x:1"] {
				w.WriteHeader(http.StatusNotFound)
				fmt.Fprint(w, `{"message":"no such image: x:1"}`)
				return
			}
			fmt.Fprint(w, `{"Id":"sha256:1"}`)
		},
	})
}

func TestHoldImage(t *testing.T) {
	silent := func(string) {}
	t.Run("an image that is missing is made, and held so that nobody removes it", func(t *testing.T) {
		made, cache := make(map[string]bool), t.TempDir()
		held, err := imageStore(t, made).holdImage(t.Context(), cache, "x", "1", 0, silent, func(context.Context) error {
			if _, err := tryLock(imageLock(cache, "x"), shared, true); !errors.Is(err, errLocked) {
				t.Errorf("another process may use the images while one is made: %v", err)
			}
			made["x:1"] = true
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tryLock(imageLock(cache, "x"), exclusive, true); !errors.Is(err, errLocked) {
			t.Errorf("another process may remove the image that is held: %v", err)
		}
		if err := held.release(); err != nil {
			t.Error(err)
		}
	})
	t.Run("an image that is there is not made", func(t *testing.T) {
		held, err := imageStore(t, map[string]bool{"x:1": true}).holdImage(t.Context(), t.TempDir(), "x", "1", 0, silent, func(context.Context) error {
			t.Error("it was made")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = held.release()
	})
	t.Run("when making fails nothing stays locked", func(t *testing.T) {
		cache, broken := t.TempDir(), errors.New("disk full")
		_, err := imageStore(t, nil).holdImage(t.Context(), cache, "x", "1", 0, silent, func(context.Context) error { return broken })
		if !errors.Is(err, broken) {
			t.Errorf("error %v, want %v", err, broken)
		}
		l, err := tryLock(filepath.Join(cache, "x.lock"), exclusive, true)
		if err != nil {
			t.Fatal(err)
		}
		_ = l.release()
	})
	t.Run("an image that was made and is not there is an error, not an endless loop", func(t *testing.T) {
		_, err := imageStore(t, nil).holdImage(t.Context(), t.TempDir(), "x", "1", 0, silent, func(context.Context) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "does not have it") {
			t.Errorf("error %v, want that the engine does not have it", err)
		}
	})
}

func TestPull(t *testing.T) {
	t.Run("a registry that says nothing is given up", func(t *testing.T) {
		e := fakeEngine(t, map[string]http.HandlerFunc{"POST /images/create": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
		err := e.pull(t.Context(), "debian:bookworm-slim", 10*time.Millisecond, func(string) {})
		if !errors.Is(err, errSilentRegistry) {
			t.Errorf("error %v, want %v", err, errSilentRegistry)
		}
	})
	t.Run("a registry that answers may take its time", func(t *testing.T) {
		goOn := make(chan struct{})
		e := fakeEngine(t, map[string]http.HandlerFunc{"POST /images/create": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, `{"status":"Downloading"}`)
			w.(http.Flusher).Flush()
			<-goOn
			fmt.Fprintln(w, `{"status":"Pull complete"}`)
		}})
		var got []string
		err := e.pull(t.Context(), "debian:bookworm-slim", time.Minute, func(line string) {
			if got = append(got, line); len(got) == 1 {
				close(goOn)
			}
		})
		if err != nil || len(got) != 2 {
			t.Errorf("pull said %q, %v, want both lines", got, err)
		}
	})
	t.Run("an error in the middle of a pull is an error", func(t *testing.T) {
		e := fakeEngine(t, map[string]http.HandlerFunc{"POST /images/create": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, `{"status":"Downloading"}`, `{"errorDetail":{"message":"unexpected EOF"}}`)
		}})
		err := e.pull(t.Context(), "debian:bookworm-slim", time.Minute, func(string) {})
		if err == nil || !strings.Contains(err.Error(), "unexpected EOF") {
			t.Errorf("error %v, want the registry's", err)
		}
	})
}
