package registry

import (
	"context"
	"log/slog"
	"time"
)

// Registrar is the side of a Registry that a replica needs.
type Registrar interface {
	Register(ctx context.Context, in Instance, ttl time.Duration, report func(error)) error
}

// Announce returns what keeps a replica registered until its context is done,
// and logs when that begins to hold and when it is lost. An announcement that
// could not be taken back then is no error: it ends with its lease.
func Announce(to Registrar, in Instance, ttl time.Duration, log *slog.Logger) func(context.Context) error {
	report := func(err error) {
		if err != nil {
			log.Warn("not registered", "error", err.Error())
			return
		}
		log.Info("registered", "address", in.Address, "ttl", ttl.String())
	}
	return func(ctx context.Context) error {
		if err := to.Register(ctx, in, ttl, report); err != nil {
			if ctx.Err() == nil {
				return err
			}
			log.Warn("the registration will end with its lease", "error", err.Error())
		}
		return nil
	}
}
