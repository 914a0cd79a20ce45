package harness

import (
	"cmp"
	"slices"
	"time"
)

// hit is one target of one effective injection.
type hit struct {
	target string
	// from is when the harness set out to break the target, until when it set
	// out to repair it itself.
	from, until time.Duration
	// alone is true when no replica of the component was left to route to.
	alone bool
}

// faulted is what was broken in a trial: the injections that took effect on a
// target.
type faulted struct {
	injections []InjectionRecord
	hits       []hit
	// known holds the targets, their components and their nodes.
	known map[string]bool
	// components are those of the targets, in order of first appearance.
	components []string
	// horizon is when the harness had set out to remove every fault.
	horizon time.Duration
}

// faultedIn collects the effective injections; ok is false when there is none
// that hit a target (noop included).
func faultedIn(ev Evidence, judged Window) (f faulted, ok bool) {
	f.known = map[string]bool{}
	for _, in := range ev.Injections {
		if !in.Effective || len(in.Targets) == 0 || in.Action == NoopAction {
			continue
		}
		f.injections = append(f.injections, in)
		until := max(judged.To, ev.End.At)
		if in.RecoverAt > 0 {
			until = in.RecoverAt
		}
		f.horizon = max(f.horizon, until)
		for _, name := range in.Targets {
			f.hits = append(f.hits, hit{target: name, from: in.InjectAt, until: until})
			f.known[name] = true
		}
	}
	for _, t := range ev.Stack.Targets {
		if slices.ContainsFunc(f.hits, func(h hit) bool { return h.target == t.Name }) {
			f.known[t.Component], f.known[t.Node] = true, true
			if !slices.Contains(f.components, t.Component) {
				f.components = append(f.components, t.Component)
			}
		}
	}
	for i := range f.hits {
		f.hits[i].alone = f.alone(f.hits[i], ev.Stack.Targets)
	}
	return f, len(f.injections) > 0
}

// alone reports whether every replica of the component of h was hit at some
// time while h was. Of a target that the stack does not know it is assumed
// that there are others.
func (f faulted) alone(h hit, stack []Target) bool {
	at := slices.IndexFunc(stack, func(t Target) bool { return t.Name == h.target })
	if at < 0 {
		return false
	}
	return !slices.ContainsFunc(stack, func(t Target) bool {
		if t.Component != stack[at].Component {
			return false
		}
		return !slices.ContainsFunc(f.hits, func(o hit) bool {
			return o.target == t.Name && o.from < h.until && h.from < o.until
		})
	})
}

// names are the targets in the order in which they were hit, each once.
func (f faulted) names() []string {
	var all []string
	for _, h := range f.hits {
		if !slices.Contains(all, h.target) {
			all = append(all, h.target)
		}
	}
	return all
}

// blames reports whether subject is a faulted replica, or the component or
// node of one.
func (f faulted) blames(subject string) bool { return subject != "" && f.known[subject] }

// diagnoses reports whether a signal says that something is wrong, and names
// what was broken.
func (f faulted) diagnoses(s Signal) bool { return s.Kind.Detects() && f.blames(s.Subject) }

// misnamed is the first signal that says that something else is wrong, when it
// came before the right name; the zero Stamp when none did. A signal that
// names nobody is no wrong name.
func (f faulted) misnamed(seen []Signal, diagnosed Stamp) Stamp {
	s := firstSignal(seen, f.horizon, func(s Signal) bool {
		return s.Kind.Detects() && s.Subject != "" && !f.blames(s.Subject)
	})
	if s.State != Seen || diagnosed.State == Seen && diagnosed.Hi <= s.Hi {
		return Stamp{}
	}
	return s
}

// effective is when the first fault took effect: not before the call of
// Inject, and not after Await returned, the engine reported the process's end,
// or the platform noticed it. The engine reports a death some milliseconds
// after it happened, and a gateway can be quicker: such a signal bounds the
// time from above only. The end of a process that the operating system saw is
// exact.
func (f faulted) effective(ev Evidence) Stamp {
	first := slices.MinFunc(f.injections, func(a, b InjectionRecord) int { return cmp.Compare(a.EffectiveAt, b.EffectiveAt) })
	t0 := Stamp{
		State: Seen, Lo: min(first.InjectAt, first.EffectiveAt), Hi: first.EffectiveAt,
		Source: "injector", Detail: first.Fault,
	}
	for _, s := range signalsFrom(ev, t0.Lo) {
		proves := s.Kind == Exited || s.Kind == Died || s.Kind == Paused || s.Kind.Detects()
		if !proves || s.At > t0.Hi || !slices.Contains(first.Targets, s.Subject) {
			continue
		}
		proof := stampOf(s)
		t0.Hi, t0.Source, t0.Detail = s.At, proof.Source, proof.Detail
		if s.Kind == Exited {
			t0.Lo = max(t0.Lo, proof.Lo)
		}
		break // in order of time: the first is the tightest
	}
	return t0
}

// repaired is when the last target was repaired by the platform itself: every
// one before the harness set out to repair it. It is censored when one was not.
func (f faulted) repaired(seen []Signal) Stamp {
	var last Stamp
	whole := true
	for _, h := range f.hits {
		stamp := h.repaired(seen)
		whole = whole && stamp.State == Seen
		if last.State == "" || stamp.Hi > last.Hi {
			last = stamp
		}
	}
	if !whole {
		return censoredAt(last.Hi)
	}
	return last
}

// repaired is when the platform had repaired the target, or routed around it
// where there was something to route to.
func (h hit) repaired(seen []Signal) Stamp {
	return firstSignal(seen, h.until, func(s Signal) bool {
		return s.Kind.Repairs() && s.Subject == h.target && s.At >= h.from && (s.Kind == Ready || !h.alone)
	})
}

// targets are the stamps of each target; nil when there is only one hit.
func (f faulted) targets(seen []Signal) []TargetTime {
	if len(f.hits) < 2 {
		return nil
	}
	var all []TargetTime
	for _, h := range f.hits {
		about := func(counts func(Signal) bool) Stamp {
			return firstSignal(seen, h.until, func(s Signal) bool {
				return s.Subject == h.target && s.At >= h.from && counts(s)
			})
		}
		t := TargetTime{
			Name:      h.target,
			Effective: about(func(s Signal) bool { return s.Kind == Exited || s.Kind == Died || s.Kind == Paused }),
			Diagnosed: about(func(s Signal) bool { return s.Kind.Detects() }),
			Repaired:  h.repaired(seen),
		}
		if t.Effective.State != Seen {
			t.Effective = Stamp{State: NotSeen}
		}
		all = append(all, t)
	}
	return all
}
