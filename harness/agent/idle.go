package agent

import "context"

// Idle makes an effect that does nothing: it tells whether an agent can be
// started beside a target at all.
func Idle(map[string]string) (Effect, error) { return &idle{}, nil }

type idle struct{ active bool }

func (i *idle) Before(context.Context) (map[string]string, error) { return nil, nil }

func (i *idle) Apply(context.Context) error {
	i.active = true
	return nil
}

func (i *idle) Seen(context.Context) (Seen, error) { return Seen{Active: i.active}, nil }

func (i *idle) Undo(context.Context, map[string]string) error {
	i.active = false
	return nil
}
