package main

import (
	"regexp"
	"testing"
	"time"
)

func TestRunIDSortsByTimeAndIsUnique(t *testing.T) {
	at := time.Date(2026, 11, 23, 8, 15, 2, 0, time.UTC)
	a, b := newRunID(at), newRunID(at)
	if !regexp.MustCompile(`^20261123-081502-[0-9a-f]{6}$`).MatchString(a) {
		t.Errorf("newRunID = %q, want 20261123-081502-<6 hex digits>", a)
	}
	if a == b {
		t.Errorf("two runs of one second are both %q", a)
	}
	if later := newRunID(at.Add(time.Second)); later <= a {
		t.Errorf("%q does not sort after %q", later, a)
	}
}

func TestSeedsDiffer(t *testing.T) {
	if a, b := newSeed(), newSeed(); a == b {
		t.Errorf("two seeds are both %d", a)
	}
}

func TestFingerprint(t *testing.T) {
	env := fingerprint("inproc")
	for _, key := range []string{"os", "arch", "cores", "stack"} {
		if env[key] == "" {
			t.Errorf("fingerprint lacks %q: %v", key, env)
		}
	}
}
