package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Client is the harness's side of one agent. Safe for concurrent use. Close
// ends it, and with it the agent.
type Client struct {
	link io.ReadWriteCloser

	mu      sync.Mutex
	out     *json.Encoder
	next    int
	waiting map[int]chan reply
	// lost is closed when nothing more can be read.
	lost chan struct{}
	// quiet ends the beats.
	quiet func()
	beats sync.WaitGroup
}

// Dial takes over a stream to an agent.
func Dial(link io.ReadWriteCloser) *Client {
	c := &Client{link: link, out: json.NewEncoder(link), waiting: map[int]chan reply{}, lost: make(chan struct{}), quiet: func() {}}
	go c.read()
	return c
}

// Prepare tells the agent what it will hold and returns the state before.
func (c *Client) Prepare(ctx context.Context, s Spec) (before map[string]string, err error) {
	a, err := c.ask(ctx, request{Do: prepare, Spec: &s})
	return a.Before, err
}

// Apply puts the prepared effect into effect, for ttl at most; from then on
// the agent undoes it when this process falls silent.
func (c *Client) Apply(ctx context.Context, ttl time.Duration) error {
	beating, quiet := context.WithCancel(context.Background())
	c.mu.Lock()
	c.quiet = quiet
	c.mu.Unlock()
	c.beats.Go(func() { c.beat(beating) })
	_, err := c.ask(ctx, request{Do: apply, TTL: ttl})
	return err
}

// Seen asks what is there of the effect.
func (c *Client) Seen(ctx context.Context) (Seen, error) {
	a, err := c.ask(ctx, request{Do: look})
	if err != nil || a.Seen == nil {
		return Seen{}, err
	}
	return *a.Seen, nil
}

// Undo removes the effect and ends the agent. ErrLost means that it was gone
// already.
func (c *Client) Undo(ctx context.Context) error {
	_, err := c.ask(ctx, request{Do: undo})
	return err
}

// Restore makes a fresh agent undo what another one applied, and ends it.
func (c *Client) Restore(ctx context.Context, s Spec, before map[string]string) error {
	_, err := c.ask(ctx, request{Do: restore, Spec: &s, Before: before})
	return err
}

// Kill ends an agent that does not answer: it has no say in it, and what it
// holds may be left. The stream may have a method Kill() error that does it;
// without one the agent is given up.
func (c *Client) Kill() error {
	var err error
	if k, ok := c.link.(interface{ Kill() error }); ok {
		err = k.Kill()
	}
	return errors.Join(err, c.Close())
}

// Close gives the agent up, which makes it undo what it holds.
func (c *Client) Close() error {
	c.mu.Lock()
	quiet := c.quiet
	c.mu.Unlock()
	quiet()
	err := c.link.Close()
	c.beats.Wait()
	<-c.lost
	return err
}

// ask sends one request and waits for its reply.
func (c *Client) ask(ctx context.Context, r request) (reply, error) {
	answer := make(chan reply, 1)
	c.mu.Lock()
	c.next++
	r.ID = c.next
	c.waiting[r.ID] = answer
	err := c.out.Encode(r)
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waiting, r.ID)
	}()
	if err != nil {
		return reply{}, fmt.Errorf("ask the agent to %s: %w: %w", r.Do, ErrLost, err)
	}
	select {
	case a := <-answer:
		return a, a.err(r.Do)
	case <-c.lost:
	case <-ctx.Done():
		return reply{}, fmt.Errorf("ask the agent to %s: %w", r.Do, context.Cause(ctx))
	}
	select {
	case a := <-answer: // the last thing it said
		return a, a.err(r.Do)
	default:
		return reply{}, fmt.Errorf("ask the agent to %s: %w", r.Do, ErrLost)
	}
}

func (a reply) err(do verb) error {
	if a.Error == "" {
		return nil
	}
	return fmt.Errorf("the agent could not %s: %w", do, told{a.Error, a.Unsupported})
}

// told is an error of the agent.
type told struct {
	text        string
	unsupported bool
}

func (t told) Error() string        { return t.text }
func (t told) Is(target error) bool { return t.unsupported && target == errors.ErrUnsupported }

func (c *Client) read() {
	defer close(c.lost)
	for decoder := json.NewDecoder(c.link); ; {
		var a reply
		if decoder.Decode(&a) != nil {
			return
		}
		c.mu.Lock()
		if answer := c.waiting[a.ID]; answer != nil {
			answer <- a
			delete(c.waiting, a.ID)
		}
		c.mu.Unlock()
	}
}

// beat tells the agent that the harness lives.
func (c *Client) beat(ctx context.Context) {
	tick := time.NewTicker(BeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.lost:
			return
		case <-tick.C:
			c.mu.Lock()
			err := c.out.Encode(request{Do: beat})
			c.mu.Unlock()
			if err != nil {
				return
			}
		}
	}
}
