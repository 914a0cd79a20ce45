package observe

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLedger(t *testing.T) {
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	put := func(rev int64, key string, lease int64) update {
		return update{rev: rev, key: key, entry: entry{lease: lease, value: key}}
	}
	gone := func(rev int64, key string) update { return update{rev: rev, key: key, gone: true} }
	updates := func(u ...update) batch { return batch{at: at, resolution: time.Second, updates: u} }
	list := func(rev int64, of ...update) batch {
		l := listing{rev: rev, entries: map[string]entry{}}
		for _, u := range of {
			l.entries[u.key] = u.entry
		}
		return batch{at: at, resolution: time.Minute, list: &l}
	}
	// was is an update that removes a key, with what the key held before.
	was := func(rev int64, key string, lease int64) update {
		u := put(rev, key, lease)
		u.gone = true
		return u
	}
	tests := []struct {
		rule    string
		batches []batch
		want    []update
		rev     int64
	}{
		{"a new key is a change", []batch{updates(put(11, "c", 3))}, []update{put(11, "c", 3)}, 11},
		{"a key that is gone is a change with what it held", []batch{updates(gone(11, "a"))}, []update{was(11, "a", 1)}, 11},
		{"a key put again with its lease is none", []batch{updates(put(11, "a", 1))}, nil, 11},
		{"a key put again with another lease is one", []batch{updates(put(11, "a", 9))}, []update{put(11, "a", 9)}, 11},
		{"a key that comes back is one", []batch{updates(gone(11, "a"), put(12, "a", 2))}, []update{was(11, "a", 1), put(12, "a", 2)}, 12},
		{"an unknown key that is gone is none", []batch{updates(gone(11, "x"))}, nil, 11},
		{
			"what a second member reports again is none",
			[]batch{updates(gone(11, "a"), put(12, "a", 2)), updates(gone(11, "a")), updates(put(12, "a", 2), gone(13, "a"))},
			[]update{was(11, "a", 1), put(12, "a", 2), was(13, "a", 2)}, 13,
		},
		{"what was there at the start is none", []batch{updates(put(9, "a", 1), put(10, "b", 2))}, nil, 10},
		{
			"keys of one revision belong together",
			[]batch{updates(gone(11, "a"), gone(11, "b")), updates(gone(11, "a"), gone(11, "b"))},
			[]update{was(11, "a", 1), was(11, "b", 2)}, 11,
		},
		{
			"a listing gives the changes since",
			[]batch{list(20, put(0, "b", 9), put(0, "c", 3)), updates(put(15, "c", 3))},
			[]update{was(20, "a", 1), put(20, "b", 9), put(20, "c", 3)}, 20,
		},
		{"a listing without a change moves on", []batch{list(20, put(0, "a", 1), put(0, "b", 2))}, nil, 20},
		{"a listing that is old news is none", []batch{updates(gone(11, "a")), list(10, put(0, "a", 1), put(0, "b", 2))}, []update{was(11, "a", 1)}, 11},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			l := newLedger(listing{rev: 10, entries: map[string]entry{"a": {1, "a"}, "b": {2, "b"}}})
			var got []update
			for _, b := range test.batches {
				for _, c := range l.apply(b) {
					if !c.at.Equal(b.at) || c.resolution != b.resolution {
						t.Errorf("change %+v is not dated as its batch", c)
					}
					got = append(got, c.update)
				}
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(update{}, entry{})); diff != "" {
				t.Error(diff)
			}
			if l.rev != test.rev {
				t.Errorf("revision %d, want %d", l.rev, test.rev)
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	for value, want := range map[string]string{
		`{"name":"catalog-2","service":"catalog","node":"b","address":"172.18.0.6:8080"}`: "catalog at 172.18.0.6:8080 on node b",
		`host:1`: `"host:1"`,
		`{}`:     `"{}"`,
	} {
		if got := describe(value); got != want {
			t.Errorf("describe(%s) = %s, want %s", value, got, want)
		}
	}
	if got := subject("/fournines/services/catalog/catalog-2"); got != "catalog-2" {
		t.Errorf("subject = %q, want catalog-2", got)
	}
}
