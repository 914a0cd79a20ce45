package stacktest

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

// followLimit is how soon every replica uses a new document.
const followLimit = time.Second

// checkConfig changes the gateways' document under traffic: all of them use it
// soon and no request is lost; one that is bad is refused by all of them and
// changes nothing.
func checkConfig(t *testing.T, st stack.Stack, centre stack.ConfigCentre) {
	ctx := stepContext(t)
	before, err := centre.Configurations(ctx, "gateway")
	if err != nil || len(before) == 0 {
		t.Fatalf("versions of the gateways' document = %v, %v; want at least one", before, err)
	}
	good := before[len(before)-1]
	traffic := startTraffic(t, st)
	slowest := time.Duration(0)
	change := func(text []byte, want func(version string, s stack.ConfigState) bool) {
		t.Helper()
		version, err := centre.Configure(ctx, "gateway", text)
		if err != nil {
			t.Fatal(err)
		}
		since := time.Now()
		eventually(t, "all gateways see version "+version, func(ctx context.Context) error {
			for _, name := range gateways(st) {
				s, err := centre.ConfigState(ctx, name)
				if err != nil || !want(version, s) {
					return fmt.Errorf("%s: %+v, %v", name, s, err)
				}
			}
			return nil
		})
		slowest = max(slowest, time.Since(since))
	}
	inUse := func(version string, s stack.ConfigState) bool { return s.Version == version && s.Refused == "" }
	for range 3 {
		change(append(bytes.TrimSpace(good.Text), '\n', '\n'), inUse)
		change(good.Text, inUse)
	}
	now, err := centre.ConfigState(ctx, "gateway-1")
	if err != nil {
		t.Fatal(err)
	}
	change([]byte(`{"routs": []}`), func(version string, s stack.ConfigState) bool {
		return s.Refused == version && s.Reason != "" && s.Version == now.Version
	})
	change(good.Text, inUse)
	traffic.more(t, 20)
	failed, judged := traffic.end(t)
	t.Logf("the slowest change took %v until all gateways had it", slowest.Round(time.Millisecond))
	if judged && (failed > 0 || slowest > followLimit) {
		t.Errorf("%d requests failed and the slowest change took %v, want none and at most %v", failed, slowest, followLimit)
	}
	after, err := centre.Configurations(ctx, "gateway")
	if err != nil || len(after) < len(before)+8 || !bytes.Equal(after[len(after)-1].Text, good.Text) {
		t.Errorf("%d versions and then %d, %v; want eight more, and the last as the first", len(before), len(after), err)
	}
}

// gateways are the names of all gateways.
func gateways(st stack.Stack) (names []string) {
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			if c.Name == "gateway" {
				names = append(names, r.Name())
			}
		}
	}
	return names
}
