package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/fournines/fournines/harness"
)

// Pager asks a pager every interval for what Alertmanager sent it (GET
// /notifications?after=N) and emits what Webhook does: alert-firing and
// alert-resolved with the source "alertmanager", dated by the arrival at the
// pager, when a person would have been paged. It is for an Alertmanager that
// cannot reach this process. What arrived before the observation began is where
// it starts from and no signal. A pager that began anew has forgotten what came
// before; its numbers start again, and nothing is counted twice.
func Pager(pager func() (string, bool), every time.Duration) harness.Observer {
	return &pages{source: newSource(pager), every: every}
}

type pages struct {
	source
	every time.Duration
}

func (p *pages) String() string { return webhookSource }

// paged is the document at /notifications, as far as it is of use here.
type paged struct {
	Began time.Time `json:"began"`
	Last  *int      `json:"last"`
	Pages []struct {
		Number int             `json:"number"`
		At     time.Time       `json:"at"`
		Body   json.RawMessage `json:"body"`
	} `json:"pages"`
}

// Observe implements harness.Observer.
func (p *pages) Observe(ctx context.Context, emit func(harness.Signal)) error {
	in := &inbox{began: time.Now(), emit: emit, firing: map[string]bool{}}
	var began time.Time // of the pager's life
	last := 0
	err := poll(ctx, p.every, func(ctx context.Context) error {
		body, err := p.fetch(ctx, "/notifications?"+url.Values{"after": {strconv.Itoa(last)}}.Encode())
		if err != nil {
			return err
		}
		var doc paged
		if err := json.Unmarshal(body, &doc); err != nil || doc.Last == nil {
			return useless{fmt.Errorf("read the pager's notifications: want its JSON with last, saw %.80q: %w", body, err)}
		}
		if !doc.Began.Equal(began) {
			began = doc.Began
			if last > 0 { // the answer was to a number of another life
				last = 0
				return nil
			}
		}
		for _, page := range doc.Pages {
			n, err := parseNotification(page.Body)
			if err != nil {
				return useless{fmt.Errorf("notification %d of the pager: %w", page.Number, err)}
			}
			if page.At.Before(in.began) {
				in.know(n)
			} else {
				in.take(n, page.At)
			}
			last = page.Number
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("observe alerts that were sent: %w", err)
	}
	return nil
}
