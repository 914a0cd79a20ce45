package feed

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// take follows until n values were read.
func take(t *testing.T, follow func(context.Context, func(int)), n int) []int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []int
	follow(ctx, func(v int) {
		if got = append(got, v); len(got) == n {
			cancel()
		}
	})
	return got
}

func TestFollowersReadEverythingInOrderFromTheirOwnPlace(t *testing.T) {
	var f Feed[int]
	early := f.Subscribe()
	f.Publish(1)
	f.Publish(2)
	late := f.Subscribe()
	f.Publish(3)
	f.Publish(4)
	if diff := cmp.Diff([]int{1, 2, 3, 4}, take(t, early, 4)); diff != "" {
		t.Errorf("early follower (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{3, 4}, take(t, late, 2)); diff != "" {
		t.Errorf("late follower (-want +got):\n%s", diff)
	}
}

func TestFollowEndsWithItsContext(t *testing.T) {
	var f Feed[int]
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); f.Follow(ctx, func(int) {}) }()
	cancel()
	<-ended
}

func TestPublishDoesNotWaitForASlowFollower(t *testing.T) {
	var f Feed[int]
	follow := f.Subscribe()
	for i := range 1000 {
		f.Publish(i)
	}
	if got := take(t, follow, 1000); len(got) != 1000 || got[999] != 999 {
		t.Errorf("slow follower read %d values, want all 1000 in order", len(got))
	}
}
