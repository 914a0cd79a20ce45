package orders

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"sync"
	"testing"
	"testing/fstest"
)

// stores are those that a test can have: PostgreSQL is that of
// FOURNINES_TEST_POSTGRES (host:port; user and database "shop", the password in
// FOURNINES_DB_PASSWORD).
func stores(t *testing.T) map[string]Store {
	all := map[string]Store{"memory": NewMemory()}
	if address := os.Getenv("FOURNINES_TEST_POSTGRES"); address != "" {
		p, err := Open(address, "shop", "shop", os.Getenv("FOURNINES_DB_PASSWORD"), "test")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		var both sync.WaitGroup // as three replicas do
		for range 3 {
			both.Go(func() {
				if _, err := p.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		all["postgres"] = p
	}
	return all
}

func TestAStoreKeepsAnOrderOnce(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			ctx, client := t.Context(), "c-"+rand.Text()
			if err := s.Ready(ctx); err != nil {
				t.Fatalf("Ready = %v, want a store that takes writes", err)
			}
			d := Draft{Client: client, Key: "k-1", Item: 7, Quantity: 2}
			first, replayed, err := s.Place(ctx, d)
			if err != nil || replayed {
				t.Fatalf("Place = replayed %v, %v; want a new order", replayed, err)
			}
			again, replayed, err := s.Place(ctx, d)
			if err != nil || !replayed || !bytes.Equal(first, again) {
				t.Errorf("Place again = %s, replayed %v, %v; want the answer %s again", again, replayed, err, first)
			}
			other := d
			other.Quantity++
			if _, _, err := s.Place(ctx, other); !errors.Is(err, ErrOtherDraft) {
				t.Errorf("Place of another draft with the key = %v, want ErrOtherDraft", err)
			}
			found, err := s.After(ctx, client, 0, 10)
			if err != nil || len(found) != 1 || found[0].Draft != d {
				t.Fatalf("After = %+v, %v; want the one order", found, err)
			}
			if keyed, err := s.Keyed(ctx, client, "k-1"); err != nil || len(keyed) != 1 || keyed[0] != found[0] {
				t.Errorf("Keyed = %+v, %v; want the one order", keyed, err)
			}
			if keyed, err := s.Keyed(ctx, client, "k-2"); err != nil || len(keyed) != 0 {
				t.Errorf("Keyed of a key that was not used = %+v, %v; want none", keyed, err)
			}
			if o, err := s.Order(ctx, found[0].ID); err != nil || o != found[0] {
				t.Errorf("Order = %+v, %v; want %+v", o, err, found[0])
			}
			if _, err := s.Order(ctx, found[0].ID+1_000_000); !errors.Is(err, ErrNoOrder) {
				t.Errorf("Order of an ID that nobody has = %v, want ErrNoOrder", err)
			}
		})
	}
}

func TestAKeyThatComesManyTimesAtOnceIsOneOrder(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			client := "c-" + rand.Text()
			var all sync.WaitGroup
			answers := make([][]byte, 8)
			for i := range answers {
				all.Go(func() {
					var err error
					if answers[i], _, err = s.Place(context.WithoutCancel(t.Context()), Draft{Client: client, Key: "k", Item: 1, Quantity: 1}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			for _, a := range answers {
				if !bytes.Equal(a, answers[0]) {
					t.Errorf("answers %s and %s, want the same", answers[0], a)
				}
			}
			if found, err := s.After(t.Context(), client, 0, 100); err != nil || len(found) != 1 {
				t.Errorf("%d orders, %v; want one", len(found), err)
			}
		})
	}
}

func TestMigrationsHaveNoGaps(t *testing.T) {
	all, err := readMigrations(migrations)
	if err != nil || len(all) == 0 || all[0].version != 1 {
		t.Fatalf("migrations %+v, %v; want them from version 1 on", all, err)
	}
	if _, err := readMigrations(fstest.MapFS{"migrations/0002_late.sql": {}}); err == nil {
		t.Error("a version is missing and nobody says so")
	}
}
