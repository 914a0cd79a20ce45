package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/netcut"
)

func watchLost() Kind {
	return Kind{
		Action:  "watch-lost",
		Summary: "let nothing that the registry says reach who watches it, and close no connection",
		Explain: "Packets from the registry to each target are dropped, those to the registry pass. A watch that is under way stays open and says nothing any more: whoever only waits for news goes on with what was true. " +
			"A target with a lease cannot know either that it is still kept.",
		Method:      cutMethod,
		Class:       NetworkCut,
		Proof:       "another agent beside the target has no answer to fresh connections to the registry, and the rule has dropped packets",
		Undone:      cutUndone,
		Example:     "{action: watch-lost, target: {component: gateway, mode: all}, at: 0s, duration: 10s}",
		DefaultMode: harness.All,
		Params:      []Param{peers("etcd", "what is watched")},
		bind: func(b Binding) (harness.Fault, error) {
			from, err := peersNamed(b, b.Values["peers"])
			if err != nil {
				return nil, fmt.Errorf("watch-lost: %w", err)
			}
			if from == nil {
				return nil, fmt.Errorf("watch-lost: peers: want what is watched, saw %q; blackhole cuts everybody", everybody)
			}
			return cut{action: "watch-lost", peers: from, config: netcut.Config{In: true}}.bind(b)
		},
	}
}
