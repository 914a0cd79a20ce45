package fault

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/harness"
)

// Led is a target whose component elects one of its replicas.
type Led interface {
	Killer
	// Leader is the name of the replica that leads now, as those say that
	// answer; empty when nobody does.
	Leader(ctx context.Context) (string, error)
}

func leaderKill() Kind {
	return Kind{
		Action:      "leader-kill",
		Summary:     "kill the registry's leader",
		Explain:     "The main process of the member that leads the registry is killed without a drain. The others have to notice, elect another one, and let go on who was connected to it. A target that does not lead any more when it is to be hit is refused.",
		Method:      "the container engine kills the container of the member that the registry's own status names",
		Class:       ProcessDown,
		Proof:       "the container has exited, its readiness check is refused, and the other members name another leader",
		Undone:      "the member is started again unless something else did so already, and is ready: it takes part in a cluster that has a leader",
		Example:     "{action: leader-kill, target: {component: etcd, mode: leader}, at: 0s}",
		DefaultMode: harness.LeaderMode,
		bind: func(b Binding) (harness.Fault, error) {
			led, err := able[Led]("leader-kill", b.Targets)
			if err != nil {
				return nil, err
			}
			if len(led) != 1 {
				return nil, fmt.Errorf("leader-kill: want one target, because one replica leads, saw %d; use mode leader", len(led))
			}
			leader := led[0]
			return change[Led]{
				action: "leader-kill", targets: led, effect: exited, lag: killLag,
				verb:    "kill",
				apply:   func(ctx context.Context, t Led) error { return t.Kill(ctx, "KILL") },
				undo:    "start",
				restore: func(ctx context.Context, t Led, _ data) error { return t.Start(ctx) },
				keep: func(ctx context.Context, t Led) (data, error) {
					now, err := t.Leader(ctx)
					if err == nil && now != t.Name() {
						err = fmt.Errorf("want it to lead, saw %s lead: the leader has moved", orNobody(now))
					}
					return nil, err
				},
				proved: func(ctx context.Context) error {
					now, err := leader.Leader(ctx)
					if err == nil && (now == "" || now == leader.Name()) {
						err = fmt.Errorf("want another leader than %q, saw %s", leader.Name(), orNobody(now))
					}
					return err
				},
			}, nil
		},
	}
}

func orNobody(name string) string {
	if name == "" {
		return "nobody"
	}
	return fmt.Sprintf("%q", name)
}
