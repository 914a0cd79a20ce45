package observe

import (
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
	return controller(newSource(admin), every)
}

func controller(s source, every time.Duration) *teller {
	return &teller{
		source: s, name: "controller", what: "controller", every: every,
		kinds: []harness.Kind{
			harness.Noticed, harness.Restarted, harness.Placed, harness.Scaled, harness.ScaledIn, harness.Replaced, harness.Healed,
		},
	}
}
