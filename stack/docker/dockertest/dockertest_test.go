package dockertest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// verdict is a testing.TB that notes how the test would have ended.
type verdict struct {
	testing.TB
	said string
}

func (v *verdict) Helper()                        {}
func (v *verdict) Context() context.Context       { return context.Background() }
func (v *verdict) Fatalf(format string, a ...any) { v.said = "fail: " + fmt.Sprintf(format, a...) }
func (v *verdict) Skipf(format string, a ...any)  { v.said = "skip: " + fmt.Sprintf(format, a...) }

func TestRequire(t *testing.T) {
	dead := errors.New("engine is dead")
	for _, c := range []struct {
		rule string
		env  map[string]string
		err  error
		want string
	}{
		{"an engine that answers lets the test run", nil, nil, ""},
		{"an engine that answers lets the test run in CI", map[string]string{"CI": "true"}, nil, ""},
		{"without an engine the test is skipped", nil, dead, "skip: "},
		{"without an engine the test fails in CI", map[string]string{"CI": "true"}, dead, "fail: "},
		{"without an engine the test fails where one is promised", map[string]string{"FOURNINES_REQUIRE_DOCKER": "1"}, dead, "fail: "},
		{"other values promise nothing", map[string]string{"CI": "0", "FOURNINES_REQUIRE_DOCKER": "0"}, dead, "skip: "},
	} {
		t.Run(c.rule, func(t *testing.T) {
			v := new(verdict)
			require(v, func(name string) string { return c.env[name] }, func(context.Context) error { return c.err })
			if !strings.HasPrefix(v.said, c.want) || (c.want == "") != (v.said == "") {
				t.Errorf("the test ends with %q, want it to begin with %q", v.said, c.want)
			}
			if c.err != nil && !strings.Contains(v.said, c.err.Error()) {
				t.Errorf("%q does not give the reason %q", v.said, c.err)
			}
		})
	}
}

func TestTheLockKeepsOthersWaitingUntilItIsLetGo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan error, 1)
	go func() {
		file, err := lockFile(path)
		if err == nil {
			err = file.Close()
		}
		second <- err
	}()
	select {
	case err := <-second:
		t.Fatalf("a second lock was given beside the first, error %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-second; err != nil {
		t.Error(err)
	}
}
