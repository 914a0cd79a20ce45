package docker_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/fournines/fournines/stack"
)

func TestRolesAreThoseOfTheRegistry(t *testing.T) {
	st := sharedStack.up(t)
	leaderOf := func(ctx context.Context) (string, error) {
		roles, err := st.Roles(ctx)
		if err != nil {
			return "", err
		}
		leader, others := "", 0
		for name, role := range roles {
			switch role {
			case "leader":
				leader = name
			case "follower":
				others++
			}
		}
		if leader == "" || others == 0 {
			err = fmt.Errorf("roles %v: want a leader and those who follow it", roles)
		}
		return leader, err
	}
	before, err := leaderOf(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, _ := stack.Find(st, before)
	if err := r.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Unpause(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "another member leads when "+before+" hangs", func(ctx context.Context) error {
		now, err := leaderOf(ctx)
		if err == nil && now == before {
			err = fmt.Errorf("%s still leads", now)
		}
		return err
	})
}
