// Package limit lowers what a target's control group may use, and puts back
// exactly what was there.
package limit

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
)

// setting is a file of the group and what is written to it.
type setting struct{ file, value string }

// limit is an effect on the files of a control group.
type limit struct {
	group cgroup.Group
	// files are what Before keeps and Undo writes back, in the order in which
	// limits are raised; files that the kernel does not know are left out.
	files []string
	// want says what to write as the group is now, in order.
	want func(cgroup.Group) ([]setting, error)
	// lower writes it; nil writes one after the other.
	lower func(cgroup.Group, []setting) ([]setting, error)
	// counters are what the kernel counts of the effect.
	counters func(cgroup.Group) map[string]int64
	// provoke makes the kernel show the effect; nil when the target does.
	provoke func(context.Context) error
	// ends is true when the effect may end the target, and with it the group.
	ends bool

	written []setting
}

var _ agent.Effect = (*limit)(nil)

// Files are those that effects of this package keep in the state before, in
// the order in which limits are raised: what a person has to write back, too.
func Files() []string { return slices.Concat(cpuFiles(), memoryRaised(), pidsFiles(), ioFiles()) }

// Before implements agent.Effect.
func (l *limit) Before(context.Context) (map[string]string, error) {
	before := map[string]string{}
	for _, file := range l.files {
		if !l.group.Has(file) {
			continue
		}
		value, err := l.group.Read(file)
		if err != nil {
			return nil, err
		}
		before[file] = value
	}
	if len(before) == 0 {
		return nil, fmt.Errorf("expected one of the files %v in the target's control group, saw none; this kernel cannot limit that", l.files)
	}
	_, err := l.want(l.group)
	return before, err
}

// Apply implements agent.Effect.
func (l *limit) Apply(context.Context) error {
	settings, err := l.want(l.group)
	if err != nil {
		return err
	}
	if l.lower != nil {
		l.written, err = l.lower(l.group, settings)
		return err
	}
	for _, s := range settings {
		if err := l.group.Write(s.file, s.value); err != nil {
			return err
		}
	}
	l.written = settings
	return nil
}

// Seen implements agent.Effect: the files hold what was written.
func (l *limit) Seen(ctx context.Context) (agent.Seen, error) {
	if len(l.written) == 0 {
		return agent.Seen{Detail: "nothing was written"}, nil
	}
	for _, s := range l.written {
		now, err := l.group.Read(s.file)
		if cgroup.Gone(err) && l.ends {
			return agent.Seen{Active: true, Detail: "the target's control group is gone"}, nil
		}
		if err != nil {
			return agent.Seen{}, err
		}
		if now != s.value {
			return agent.Seen{Detail: fmt.Sprintf("want %s at %s, saw %s", s.file, s.value, now)}, nil
		}
	}
	if l.provoke != nil {
		if err := l.provoke(ctx); err != nil {
			return agent.Seen{Detail: err.Error()}, nil
		}
	}
	return agent.Seen{Active: true, Counters: l.counters(l.group), Detail: fmt.Sprint(l.written)}, nil
}

// Undo implements agent.Effect. A group that is gone has no limits.
func (l *limit) Undo(_ context.Context, before map[string]string) error {
	for _, file := range l.files {
		value, ok := before[file]
		if !ok {
			continue
		}
		if now, err := l.group.Read(file); cgroup.Gone(err) {
			return nil
		} else if err == nil && now == value {
			continue
		}
		if err := l.group.Write(file, value); err != nil {
			return err
		}
		now, err := l.group.Read(file)
		if err != nil {
			return fmt.Errorf("look whether the target's %s is back at %q: %w", file, value, err)
		}
		if now != value {
			return fmt.Errorf("want the target's %s back at %q, saw %q", file, value, now)
		}
	}
	return nil
}

// number is an argument that must be a whole number.
func number(args map[string]string, name string) (int64, error) {
	n, err := strconv.ParseInt(args[name], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("argument %q: want a whole number, saw %q", name, args[name])
	}
	return n, nil
}

// count reads counters from files of lines with a name and a number.
func count(g cgroup.Group, file string, names ...string) map[string]int64 {
	text, err := g.Read(file)
	if err != nil {
		return nil
	}
	out := map[string]int64{}
	for _, name := range slices.Sorted(slices.Values(names)) {
		if n, ok := cgroup.Field(text, name); ok {
			out[name] = n
		}
	}
	return out
}
