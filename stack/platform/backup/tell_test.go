package backup

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/platform/transition"
	"github.com/fournines/fournines/stack/platform/vault"
)

// told are the transitions that the admin port of a backup serves.
func told(t *testing.T, b *backup) []transition.Transition {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, h := range b.routes() {
		mux.Handle(pattern, h)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, transition.Path+"?after=0", nil))
	var doc struct{ Transitions []transition.Transition }
	if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil || rec.Code != http.StatusOK {
		t.Fatalf("%s answers %d, %q: %v", transition.Path, rec.Code, rec.Body, err)
	}
	return doc.Transitions
}

func TestABackupTellsWhatItDid(t *testing.T) {
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	drill := Drill{Ended: at, Base: "20260501T115500.000Z", Tables: 3, Rows: 1200, RestoreSeconds: 2.51, Verified: true}
	failed := func(problem string) Drill {
		return Drill{Ended: at, Base: drill.Base, Problem: problem}
	}
	for _, tt := range []struct {
		rule         string
		do           func(b *backup)
		kind, detail string
	}{
		{"a base backup", func(b *backup) {
			b.tellBase(vault.Base{Label: drill.Base, Bytes: 4096, Began: at.Add(-1500 * time.Millisecond), Ended: at})
		}, BackedUpKind, "base 20260501T115500.000Z, 4096 bytes, made in 1.5 s"},
		{"a restore that is verified", func(b *backup) { b.tellDrill(drill) },
			VerifiedKind, "base 20260501T115500.000Z, 3 tables, 1200 rows, restored in 2.5 s"},
		{"one that compared nothing proves nothing", func(b *backup) { b.tellDrill(Drill{Ended: at, Base: drill.Base, Verified: true}) },
			FailedKind, "base 20260501T115500.000Z was restored, but the database has no table: want one to compare, saw none"},
		{"one that is not, with the problem", func(b *backup) { b.tellDrill(failed("table orders: want 3 rows, saw 2")) },
			FailedKind, "table orders: want 3 rows, saw 2"},
		{"a problem of several lines is one", func(b *backup) { b.tellDrill(failed("want 3 rows,\r\n\tsaw 2\n")) },
			FailedKind, "want 3 rows, saw 2"},
		{"a problem in colour is plain", func(b *backup) { b.tellDrill(failed("\x1b[1;31mFATAL\x1b[0m: no\x07 space")) },
			FailedKind, "FATAL: no space"},
		{"a problem without end has one", func(b *backup) { b.tellDrill(failed(strings.Repeat("ä", 501))) },
			FailedKind, strings.Repeat("ä", 500) + "…"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			b := newBackup(t)
			b.Name = "backup"
			tt.do(b)
			got := told(t, b)
			if len(got) != 1 || got[0].Kind != tt.kind || got[0].Detail != tt.detail || got[0].Subject != "backup" || !got[0].Time.Equal(at) {
				t.Errorf("told %+v\nwant one of kind %s about backup at %v: %s", got, tt.kind, at, tt.detail)
			}
		})
	}
}

func TestADrillIsToldUnlessItWasCalledOff(t *testing.T) {
	b := newBackup(t)
	if _, err := b.drill(t.Context()); err == nil {
		t.Fatal("a restore from nothing is verified")
	}
	if got := told(t, b); len(got) != 1 || got[0].Kind != FailedKind || got[0].Detail != vault.ErrNothing.Error() {
		t.Errorf("told %+v, want that the restore failed because there is nothing to restore from", got)
	}
	b.drilling.Lock() // there is one already
	if _, err := b.drill(t.Context()); err == nil {
		t.Fatal("two drills at once")
	}
	b.drilling.Unlock()
	if got := told(t, b); len(got) != 1 {
		t.Errorf("told %+v, want nothing of a drill that never began", got)
	}
}

func TestADrillThatWasCalledOffIsNoFailure(t *testing.T) {
	b := newBackup(t)
	b.Source = "127.0.0.1:1"
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.pin(7); err != nil {
		t.Fatal(err)
	}
	write(t, b.bases()+"/20260501T115500.000Z"+metaSuffix, []byte(`{"label": "20260501T115500.000Z"}`))
	if _, err := b.drill(ctx); err == nil {
		t.Fatal("a drill that was called off is verified")
	}
	if got := told(t, b); len(got) != 0 {
		t.Errorf("told %+v, want nothing", got)
	}
}
