package config

import (
	"context"
	"testing"
	"testing/synctest"
)

func TestMemoryTellsEveryVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory()
		var open = make(chan struct{})
		updates := watching(t, m.Source("gateway", func(ctx context.Context) error {
			select {
			case <-open:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}))
		first := m.Put("gateway", []byte("one"))
		m.Put("orders", []byte("another program's"))
		synctest.Wait()
		if len(updates) > 0 {
			t.Fatalf("a frozen program saw %+v", <-updates)
		}
		close(open)
		for u := range updates {
			if u.Err != nil {
				continue // looked before there was anything
			}
			if string(u.Document) != "one" || u.Version != first {
				t.Errorf("first: %+v", u)
			}
			break
		}
		second := m.Put("gateway", []byte("two"))
		if u := <-updates; string(u.Document) != "two" || u.Version != second {
			t.Errorf("second: %+v", u)
		}
		if all := m.Versions("gateway"); len(all) != 2 || all[0].Version != first || all[1].Version != second {
			t.Errorf("versions: %+v", all)
		}
	})
}
