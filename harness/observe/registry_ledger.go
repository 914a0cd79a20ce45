package observe

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// entry is what is known of one key.
type entry struct {
	lease int64
	value string
}

// listing is all keys at one revision.
type listing struct {
	rev     int64
	entries map[string]entry
}

// update is one change of one key as a member reported it.
type update struct {
	rev  int64
	key  string
	gone bool
	entry
}

// batch is what came from one member at once: either updates, whole revisions
// in order, or a listing because history was lost.
type batch struct {
	at time.Time
	// resolution is how long before at the changes may have happened.
	resolution time.Duration
	updates    []update
	list       *listing
}

// change is an update that matters; a key that is gone comes with the entry
// that it had.
type change struct {
	update
	at         time.Time
	resolution time.Duration
}

// ledger is the state of the keys, put together from what several members
// report. Every member's reports are without gaps from at most one revision
// after the ledger's own, so a revision that is not newer was dealt with.
type ledger struct {
	rev     int64
	entries map[string]entry
}

func newLedger(l listing) *ledger { return &ledger{rev: l.rev, entries: l.entries} }

// apply takes in a batch and returns the changes that are new, in order.
func (l *ledger) apply(b batch) []change {
	updates := b.updates
	if b.list != nil {
		updates = l.difference(*b.list)
	}
	dealt := l.rev
	var changes []change
	for _, u := range updates {
		if u.rev <= dealt {
			continue
		}
		l.rev = max(l.rev, u.rev)
		before, known := l.entries[u.key]
		switch {
		case u.gone && !known:
			continue
		case u.gone:
			delete(l.entries, u.key)
			u.entry = before
		default:
			l.entries[u.key] = u.entry
			if known && before.lease == u.lease {
				continue
			}
		}
		changes = append(changes, change{update: u, at: b.at, resolution: b.resolution})
	}
	if b.list != nil {
		l.rev = max(l.rev, b.list.rev)
	}
	return changes
}

// difference is the updates that lead from the ledger to a newer listing.
func (l *ledger) difference(to listing) []update {
	var updates []update
	for key := range l.entries {
		if _, still := to.entries[key]; !still {
			updates = append(updates, update{rev: to.rev, key: key, gone: true})
		}
	}
	for key, e := range to.entries {
		updates = append(updates, update{rev: to.rev, key: key, entry: e})
	}
	slices.SortFunc(updates, func(a, b update) int { return strings.Compare(a.key, b.key) })
	return updates
}

// subject is the replica that a key is about: its last element.
func subject(key string) string { return path.Base(key) }

// describe is a registered value for people.
func describe(value string) string {
	var in struct{ Service, Node, Address string }
	if json.Unmarshal([]byte(value), &in) != nil || in.Address == "" {
		return fmt.Sprintf("%.80q", value)
	}
	return fmt.Sprintf("%s at %s on node %s", in.Service, in.Address, in.Node)
}
