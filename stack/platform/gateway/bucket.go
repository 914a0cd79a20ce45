package gateway

import (
	"container/list"
	"math"
	"sync"
	"time"
)

// Rate is a limit by a token bucket: PerSecond requests on average and Burst at
// once. It is for all gateways together: each enforces its share.
type Rate struct {
	PerSecond float64 `json:"perSecond"`
	Burst     int     `json:"burst"`
}

// among is the share of one of n gateways.
func (r Rate) among(n int) Rate {
	return Rate{r.PerSecond / float64(n), max(1, r.Burst/n)}
}

// buckets are token buckets by name, the least recently used of which is
// forgotten when there would be too many: clients must not be able to fill the
// memory. All methods may be called concurrently.
type buckets struct {
	mu     sync.Mutex
	byName map[string]*list.Element
	used   *list.List // of *bucket, the most recently used first
}

// bucket is what one client has left.
type bucket struct {
	name   string
	tokens float64
	at     time.Time
}

func newBuckets() *buckets { return &buckets{byName: make(map[string]*list.Element), used: list.New()} }

// take takes one token of a name's bucket, which is full when it is new, and
// returns 0; or how long it takes until there is one. At most most buckets are
// kept, from 1.
func (b *buckets) take(name string, r Rate, most int) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	element := b.byName[name]
	if element == nil {
		element = b.used.PushFront(&bucket{name, float64(r.Burst), now})
		b.byName[name] = element
		for len(b.byName) > most {
			last := b.used.Back()
			delete(b.byName, b.used.Remove(last).(*bucket).name)
		}
	} else {
		b.used.MoveToFront(element)
	}
	k := element.Value.(*bucket)
	k.tokens = min(float64(r.Burst), k.tokens+r.PerSecond*now.Sub(k.at).Seconds())
	k.at = now
	if k.tokens >= 1 {
		k.tokens--
		return 0
	}
	return time.Duration(math.Ceil((1 - k.tokens) / r.PerSecond * float64(time.Second)))
}

// size is how many buckets there are.
func (b *buckets) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.byName)
}
