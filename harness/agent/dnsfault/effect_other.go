//go:build !linux

package dnsfault

import (
	"context"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/nft"
)

type effect struct{ spec Spec }

func newEffect(s Spec) *effect { return &effect{spec: s} }

func (e *effect) Before(context.Context) (map[string]string, error) { return nil, nft.ErrUnsupported }
func (e *effect) Apply(context.Context) error                       { return nft.ErrUnsupported }
func (e *effect) Seen(context.Context) (agent.Seen, error)          { return agent.Seen{}, nil }
func (e *effect) Undo(context.Context, map[string]string) error     { return nil }
