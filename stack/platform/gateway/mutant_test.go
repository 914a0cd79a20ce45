package gateway

import (
	"testing"
	"time"
)

func TestWithoutRedispatchARetryGoesToTheSameEndpoint(t *testing.T) {
	inBubble(t, func(o *Options) { o.Without = []Feature{RedispatchFeature} }, func(t *testing.T, b *bench) {
		for n := 1; n <= 3; n++ {
			b.set(name(n), answers(500, "sorry"))
		}
		if got := b.get(); got.Code != 500 {
			t.Errorf("status %d, want 500", got.Code)
		}
		if reached := b.reached(); len(reached) != 1 {
			t.Errorf("tries by endpoint %v, want all at one", reached)
		}
	})
}

func TestWithoutHealthChecksNobodyNoticesBeforeClientsDo(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		without []Feature
		ejected bool
	}{
		{"the whole gateway ejects an endpoint that is not ready", nil, true},
		{"without health checks it does not", []Feature{HealthChecksFeature}, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, func(o *Options) { o.Without = tt.without }, func(t *testing.T, b *bench) {
				b.setReady(name(2), answers(503, "not ready"))
				pass(2 * time.Second)
				if got := b.pools["catalog"].endpoints()[1].ejected.Load(); got != tt.ejected {
					t.Errorf("ejected = %v, want %v", got, tt.ejected)
				}
			})
		})
	}
}
