package observe

import (
	"context"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
)

// Edge asks HAProxy's statistics every interval (GET /stats;csv) and emits
// lb-down and lb-up for each server whose state changed, with the source
// "edge", the server's name as the subject and its backend in the detail. What
// the first answer says is where a server starts from and no signal. A server
// that went down and up again between two polls is noticed by HAProxy's own
// count of such transitions; both signals are emitted then.
func Edge(stats func() (string, bool), every time.Duration) harness.Observer {
	return &edge{source: newSource(stats), name: "edge", path: "/stats;csv", every: every}
}

type edge struct {
	source
	name, path string
	every      time.Duration
}

func (e *edge) String() string { return e.name }

// Observe implements harness.Observer.
func (e *edge) Observe(ctx context.Context, emit func(harness.Signal)) error {
	var polled interval
	known := map[string]server{} // by backend/name
	silence := quietly(e.name, emit)
	err := poll(ctx, e.every, silence.listen(func(ctx context.Context) error {
		begin := time.Now()
		servers, err := e.servers(ctx, e.path)
		if err != nil {
			return err
		}
		end := time.Now()
		resolution := polled.next(begin, end)
		for _, now := range servers {
			id := now.backend + "/" + now.name
			before, seen := known[id]
			known[id] = now
			if !seen {
				continue
			}
			for _, kind := range flips(before, now) {
				emit(harness.Signal{
					Time: end, Resolution: resolution, Source: e.name,
					Subject: now.name, Kind: kind, Detail: now.String(),
				})
			}
		}
		return nil
	}))
	if err != nil {
		return fmt.Errorf("observe %s: %w", e.name, err)
	}
	silence.until(time.Now())
	return nil
}

// servers are those of the statistics at path.
func (s source) servers(ctx context.Context, path string) ([]server, error) {
	body, err := s.fetch(ctx, path)
	if err != nil {
		return nil, err
	}
	all, err := parseServers(body)
	if err != nil {
		return nil, useless{fmt.Errorf("read HAProxy statistics: %w", err)}
	}
	return all, nil
}

// flips is what happened to a server between two polls.
func flips(before, now server) []harness.Kind {
	missed := now.downs > before.downs
	switch {
	case before.up && !now.up:
		return []harness.Kind{harness.LBDown}
	case !before.up && now.up:
		return []harness.Kind{harness.LBUp}
	case before.up && now.up && missed:
		return []harness.Kind{harness.LBDown, harness.LBUp}
	case !before.up && !now.up && missed:
		return []harness.Kind{harness.LBUp, harness.LBDown}
	}
	return nil
}
