package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
)

// Controller asks the platform's controller every interval for what it noticed
// and decided (GET /-/transitions?after=N), and emits noticed, restarted,
// placed, scaled, scaled-in, replaced and healed with the controller's own time
// and the source "controller". What it did before the observation began is no
// signal.
//
// A controller that was started again counts from 1 again; what its new process
// reports is emitted from its beginning. It keeps its last 1024 transitions:
// more than that within one interval are lost.
func Controller(admin func() (string, bool), every time.Duration) harness.Observer {
	return &controller{source: newSource(admin), every: every}
}

type controller struct {
	source
	every time.Duration
}

func (c *controller) String() string { return "controller" }

// decisions is the document at /-/transitions.
type decisions struct {
	Started     time.Time `json:"started"`
	Transitions []struct {
		Seq     uint64    `json:"seq"`
		Time    time.Time `json:"time"`
		Kind    string    `json:"kind"`
		Subject string    `json:"subject"`
		Detail  string    `json:"detail"`
	} `json:"transitions"`
}

// Observe implements harness.Observer.
func (c *controller) Observe(ctx context.Context, emit func(harness.Signal)) error {
	began := time.Now()
	var started time.Time // of the process that after belongs to
	var after uint64
	silence := quietly(c.String(), emit)
	err := poll(ctx, c.every, silence.listen(func(ctx context.Context) error {
		doc, err := c.ask(ctx, after)
		if err != nil {
			return err
		}
		if !doc.Started.Equal(started) {
			// Another process: its numbers have nothing to do with after.
			if after != 0 {
				if doc, err = c.ask(ctx, 0); err != nil {
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
			if kind, ok := decisionKind(t.Kind); ok && !t.Time.Before(began) {
				emit(harness.Signal{
					Time: t.Time, Resolution: transitionResolution, Source: c.String(),
					Subject: t.Subject, Kind: kind, Detail: t.Detail,
				})
			}
		}
		return nil
	}))
	if err != nil {
		return fmt.Errorf("observe the controller: %w", err)
	}
	silence.until(time.Now())
	return nil
}

// ask fetches the transitions after a number.
func (c *controller) ask(ctx context.Context, after uint64) (decisions, error) {
	path := fmt.Sprintf("/-/transitions?after=%d", after)
	body, err := c.fetch(ctx, path)
	if err != nil {
		return decisions{}, err
	}
	var doc decisions
	if err := json.Unmarshal(body, &doc); err != nil {
		return decisions{}, useless{fmt.Errorf("read %s: %w", path, err)}
	}
	if doc.Started.IsZero() {
		return decisions{}, useless{fmt.Errorf(`read %s: no "started": want the time when the controller's process started`, path)}
	}
	return doc, nil
}

func decisionKind(kind string) (harness.Kind, bool) {
	switch k := harness.Kind(kind); k {
	case harness.Noticed, harness.Restarted, harness.Placed, harness.ScaledIn, harness.Scaled, harness.Replaced, harness.Healed:
		return k, true
	}
	return "", false
}
