package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
)

// transitionResolution is how exactly a gateway dates its own transitions.
const transitionResolution = time.Millisecond

// Gateway asks a gateway's admin port every interval for the transitions of
// its endpoints (GET /-/transitions?after=N) and emits ejected, readmitted,
// removed and added with the gateway's own time; name is the source,
// "gateway-1". Transitions from before the observation began are not signals.
//
// A gateway that was restarted counts from 1 again; what its new process
// reports is emitted from its beginning. A gateway keeps its last 1024
// transitions: more than that within one interval are lost.
func Gateway(name string, admin func() (string, bool), every time.Duration) harness.Observer {
	return &gateway{name: name, source: newSource(admin), every: every}
}

type gateway struct {
	source
	name  string
	every time.Duration
}

func (g *gateway) String() string { return g.name }

// transitions is the document at /-/transitions.
type transitions struct {
	Started     time.Time `json:"started"`
	Transitions []struct {
		Seq      uint64    `json:"seq"`
		Time     time.Time `json:"time"`
		Kind     string    `json:"kind"`
		Service  string    `json:"service"`
		Endpoint string    `json:"endpoint"`
		Detail   string    `json:"detail"`
	} `json:"transitions"`
}

// Observe implements harness.Observer.
func (g *gateway) Observe(ctx context.Context, emit func(harness.Signal)) error {
	began := time.Now()
	var started time.Time // of the process that after belongs to
	var after uint64
	silence := quietly(g.name, emit)
	err := poll(ctx, g.every, silence.listen(func(ctx context.Context) error {
		doc, err := g.ask(ctx, after)
		if err != nil {
			return err
		}
		if !doc.Started.Equal(started) {
			// Another process: its numbers have nothing to do with after.
			if after != 0 {
				if doc, err = g.ask(ctx, 0); err != nil {
					return err
				}
			}
			started, after = doc.Started, 0
		}
		for _, t := range doc.Transitions {
			if t.Seq <= after {
				continue
			}
			after = t.Seq
			if kind, ok := transitionKind(t.Kind); ok && !t.Time.Before(began) {
				emit(harness.Signal{
					Time: t.Time, Resolution: transitionResolution, Source: g.name,
					Subject: t.Endpoint, Kind: kind, Detail: t.Detail,
				})
			}
		}
		return nil
	}))
	if err != nil {
		return fmt.Errorf("observe gateway %q: %w", g.name, err)
	}
	silence.until(time.Now())
	return nil
}

// ask fetches the transitions after a number.
func (g *gateway) ask(ctx context.Context, after uint64) (transitions, error) {
	path := fmt.Sprintf("/-/transitions?after=%d", after)
	body, err := g.fetch(ctx, path)
	if err != nil {
		return transitions{}, err
	}
	var doc transitions
	if err := json.Unmarshal(body, &doc); err != nil {
		return transitions{}, useless{fmt.Errorf("read %s: %w", path, err)}
	}
	if doc.Started.IsZero() {
		return transitions{}, useless{fmt.Errorf(`read %s: no "started": want the time when the gateway's process started`, path)}
	}
	return doc, nil
}

func transitionKind(kind string) (harness.Kind, bool) {
	switch k := harness.Kind(kind); k {
	case harness.Ejected, harness.Readmitted, harness.Removed, harness.Added:
		return k, true
	}
	return "", false
}
