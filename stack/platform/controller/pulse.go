package controller

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// pulses asks replicas how they are, each independently of the others. The
// zero value asks nobody; all methods may be called concurrently.
type pulses struct {
	every, limit time.Duration

	mu    sync.Mutex
	known map[string]*asking
	all   sync.WaitGroup
}

// asking is one replica that is being asked.
type asking struct {
	url  string
	stop context.CancelFunc
	last Pulse
}

// take sees to it that exactly these replicas are being asked, and returns what
// is known of them.
func (p *pulses) take(ctx context.Context, replicas []Replica) map[string]Pulse {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[string]*asking{}
	}
	now := map[string]Pulse{}
	wanted := map[string]bool{}
	for _, r := range replicas {
		wanted[r.Name] = true
		a := p.known[r.Name]
		if a != nil && a.url != r.Health {
			a.stop()
			a = nil
		}
		if a == nil {
			a = &asking{url: r.Health}
			var own context.Context
			own, a.stop = context.WithCancel(ctx)
			p.known[r.Name] = a
			p.all.Go(func() { p.ask(own, a) })
		}
		now[r.Name] = a.last
	}
	for name, a := range p.known {
		if !wanted[name] {
			a.stop()
			delete(p.known, name)
		}
	}
	return now
}

// ask asks one replica until ctx is done.
func (p *pulses) ask(ctx context.Context, a *asking) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(p.every)
	defer tick.Stop()
	for {
		answered, ready := p.check(ctx, client, a.url)
		if ctx.Err() != nil {
			return
		}
		p.mu.Lock()
		a.last.Ready = ready
		if a.last.Silent++; answered {
			a.last.Silent = 0
		}
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// check asks once. A connection that is refused is an answer: whoever listens
// there no more has ended, which is seen elsewhere.
func (p *pulses) check(ctx context.Context, client *http.Client, url string) (answered, ready bool) {
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return true, false
	}
	response, err := client.Do(request)
	if err != nil {
		return ctx.Err() == nil, false
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 4096))
	return true, err == nil && response.StatusCode == http.StatusOK
}

// stop ends all asking and waits for it.
func (p *pulses) stop() {
	p.mu.Lock()
	for _, a := range p.known {
		a.stop()
	}
	p.mu.Unlock()
	p.all.Wait()
}
