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
}

// faulted is what was broken in a trial: the injections that took effect on a
// target.
type faulted struct {
	injections []InjectionRecord
	hits       []hit
	// known holds the targets, their components and their nodes.
	known map[string]bool
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
			f.hits = append(f.hits, hit{name, in.InjectAt, until})
			f.known[name] = true
		}
	}
	for _, t := range ev.Stack.Targets {
		if slices.ContainsFunc(f.hits, func(h hit) bool { return h.target == t.Name }) {
			f.known[t.Component], f.known[t.Node] = true, true
		}
	}
	return f, len(f.injections) > 0
}

// names reports whether subject is a faulted replica, or the component or node
// of one.
func (f faulted) names(subject string) bool { return subject != "" && f.known[subject] }

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
		stamp := firstSignal(seen, h.until, func(s Signal) bool {
			return s.Kind.Repairs() && s.Subject == h.target && s.At >= h.from
		})
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
