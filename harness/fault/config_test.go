package fault

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

// goodDocument is one that all faults of configurations can spoil.
const goodDocument = `{"routes": [{"prefix": "/api", "service": "catalog"}], "timeouts": {"try": "250ms"}, "rateLimit": {"client": {"perSecond": 100, "burst": 100}}}`

// centre is a config centre with programs that follow it, each as late as it
// is.
type centre struct {
	mu       sync.Mutex
	versions []string
	since    time.Time
	fail     error
}

// follower is a replica whose program follows a centre.
type follower struct {
	*replica
	of *centre
	// late is how long a new document takes; stubborn programs refuse every
	// document but the good one.
	late     time.Duration
	stubborn bool
}

func newCentre(late ...time.Duration) (*centre, []*follower) {
	c := &centre{versions: []string{goodDocument}}
	var all []*follower
	for i, l := range late {
		all = append(all, &follower{replica: newReplica("gateway-" + strconv.Itoa(i+1)), of: c, late: l, stubborn: true})
	}
	return c, all
}

func (f *follower) Component() string { return "gateway" }
func (f *follower) Node() string      { return "a" }

func (f *follower) Configuration(context.Context) (map[string]string, error) {
	f.of.mu.Lock()
	defer f.of.mu.Unlock()
	n := len(f.of.versions)
	return map[string]string{documentKey: f.of.versions[n-1], versionKey: strconv.Itoa(n)}, f.of.fail
}

func (f *follower) Publish(ctx context.Context, document string) error {
	return f.do(ctx, "publish", func() {
		f.of.mu.Lock()
		defer f.of.mu.Unlock()
		f.of.versions, f.of.since = append(f.of.versions, document), time.Now()
	})
}

func (f *follower) Restore(ctx context.Context, kept map[string]string) error {
	now, err := f.Configuration(ctx)
	if err == nil && now[documentKey] == kept[publishedKey] {
		err = f.Publish(ctx, kept[documentKey])
	}
	return err
}

func (f *follower) Follows(context.Context) (using, refused, away string, err error) {
	f.of.mu.Lock()
	defer f.of.mu.Unlock()
	n := len(f.of.versions)
	good := f.of.versions[n-1] == goodDocument
	switch {
	case time.Since(f.of.since) < f.late && n > 1:
		return strconv.Itoa(n - 1), "", "", nil
	case good || !f.stubborn:
		return strconv.Itoa(n), "", "", nil
	}
	return strconv.Itoa(n - 1), strconv.Itoa(n), "", nil
}

func rolloutOf(t *testing.T, action string, values Values, all []*follower) harness.Fault {
	t.Helper()
	b := Binding{Values: values, Targets: []Target{all[0]}}
	for _, f := range all {
		b.Replicas = append(b.Replicas, f)
	}
	f, err := New(action, b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestABadDocumentIsRolledOutAndTheRecordedOneComesBack(t *testing.T) {
	for document := range spoil() {
		for _, stubborn := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				c, all := newCentre(100*time.Millisecond, time.Second, 50*time.Millisecond)
				for _, f := range all {
					f.stubborn = stubborn
				}
				f := rolloutOf(t, "bad-config-rollout", Values{"document": document}, all)
				recipe := prepare(t, f)
				if len(c.versions) != 1 {
					t.Fatal("Prepare published something")
				}
				if s := recipe.Steps; len(s) != 1 || s[0].Op != "configure" || s[0].Args[documentKey] != goodDocument || s[0].Args[publishedKey] == goodDocument {
					t.Errorf("recipe %+v, want one step with both documents", recipe)
				}
				in := inject(t, f)
				began := time.Now()
				if err := in.Await(within(t, 5*time.Second)); err != nil {
					t.Fatalf("%s: Await: %v", document, err)
				}
				if took := time.Since(began); took < time.Second {
					t.Errorf("proved after %v, want that the slowest replica has got it after 1s", took)
				}
				for range 2 {
					if err := in.Recover(within(t, 30*time.Second)); err != nil {
						t.Fatalf("%s: Recover: %v", document, err)
					}
				}
				if n := len(c.versions); n != 3 || c.versions[1] == goodDocument || c.versions[2] != goodDocument {
					t.Errorf("%s: versions %q, want good, bad, good", document, c.versions)
				}
			})
		}
	}
}

func TestADocumentThatSomebodyPublishedMeanwhileStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, all := newCentre(0)
		all[0].stubborn = false
		in := inject(t, rolloutOf(t, "bad-config-rollout", nil, all))
		if err := in.Await(within(t, 5*time.Second)); err != nil {
			t.Fatal(err)
		}
		const theirs = `{"routes": []}`
		c.versions = append(c.versions, theirs)
		if err := in.Recover(within(t, 30*time.Second)); err != nil {
			t.Fatal(err)
		}
		if last := c.versions[len(c.versions)-1]; last != theirs {
			t.Errorf("the newest document is %q, want the one that somebody published", last)
		}
	})
}

func TestARolloutWantsProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, all := newCentre(0, time.Hour)
		err := inject(t, rolloutOf(t, "bad-config-rollout", nil, all)).Await(within(t, 2*time.Second))
		if err == nil || !strings.Contains(err.Error(), `want "gateway-2" to have seen version 2`) {
			t.Errorf("a replica that saw nothing: %v, want it named", err)
		}
		_, all = newCentre(0)
		if err := inject(t, rolloutOf(t, "rate-limit-too-low", nil, all)).Await(within(t, 2*time.Second)); err == nil {
			t.Error("a low limit that was refused was taken for one in use")
		}
	})
}

func TestRateLimitTooLowChangesTheLimitAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, all := newCentre(0)
		all[0].stubborn = false
		in := inject(t, rolloutOf(t, "rate-limit-too-low", Values{"per-second": "7"}, all))
		if err := in.Await(within(t, 2*time.Second)); err != nil {
			t.Fatal(err)
		}
		var good, low map[string]any
		if json.Unmarshal([]byte(goodDocument), &good) != nil || json.Unmarshal([]byte(c.versions[1]), &low) != nil {
			t.Fatal("not JSON")
		}
		good["rateLimit"] = map[string]any{"client": map[string]any{"perSecond": 7., "burst": 7.}}
		want, _ := json.Marshal(good)
		if got, _ := json.Marshal(low); string(got) != string(want) {
			t.Errorf("published %s, want %s", got, want)
		}
		if err := in.Recover(within(t, 10*time.Second)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestARolloutRefuses(t *testing.T) {
	c, all := newCentre(0, 0)
	if _, err := New("bad-config-rollout", Binding{Targets: []Target{all[0], all[1]}}); err == nil || !strings.Contains(err.Error(), "want one target") {
		t.Errorf("two targets: %v, want a refusal", err)
	}
	if _, err := New("bad-config-rollout", Binding{Targets: []Target{newReplica("edge")}}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a target without a document: %v, want it unsupported", err)
	}
	c.versions = []string{`{"routes": []}`}
	if _, err := rolloutOf(t, "rate-limit-too-low", nil, all).Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing was touched") {
		t.Errorf("a document without limits: %v, want a refusal", err)
	}
	c.fail = errors.New("centre is gone")
	if _, err := rolloutOf(t, "bad-config-rollout", nil, all).Inject(t.Context()); err == nil || len(all[0].calls) > 0 {
		t.Errorf("a centre that is away: %v, want a refusal before anything is touched", err)
	}
}
