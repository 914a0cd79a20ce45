package observe

import (
	"time"

	"github.com/fournines/fournines/harness"
)

// Gateway asks a gateway's admin port every interval for the transitions of
// its endpoints (GET /-/transitions?after=N) and emits ejected, readmitted,
// removed and added with the gateway's own time; name is the source,
// "gateway-1". Transitions from before the observation began are not signals.
//
// A gateway that was restarted counts from 1 again; what its new process
// reports is emitted from its beginning. A gateway keeps its last 1024
// transitions: more than that within one interval are lost.
func Gateway(name string, admin func() (string, bool), every time.Duration) harness.Observer {
	return gateway(name, newSource(admin), every)
}

func gateway(name string, s source, every time.Duration) *teller {
	return &teller{
		source: s, name: name, what: "gateway", every: every,
		kinds: []harness.Kind{harness.Ejected, harness.Readmitted, harness.Removed, harness.Added},
	}
}
