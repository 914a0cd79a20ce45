package harness

import "time"

// holdAtLeast is the shortest time that service must stay good to count as
// restored; never less than three slices.
const holdAtLeast = 10 * time.Second

// holdWindow is how long service must stay good to count as restored.
func holdWindow(cut []slice) time.Duration {
	hold := holdAtLeast
	for _, s := range cut {
		hold = max(hold, 3*s.Length())
	}
	return hold
}

// restored is when users were served for good again: the start of the first
// time of length holdWindow after the fault in which no slice is down, and
// none is later on until horizon, back-dated to that start. A slice that is
// down while the fault is still in effect opens the recovery again, however
// long service was good before; one after horizon is a relapse, which is
// returned beside the stamp, runs of slices as one.
//
// It is the fault itself when no slice was down at all. It is censored when
// the trial ended before the hold was over: Lo is then the last moment at which
// service is known to have been down, Hi the end of the trial. Without any
// event after the fault it is NotSeen.
func restored(cut []slice, judged Window, t0 Stamp, horizon time.Duration) (Stamp, []Window) {
	since, events, down := t0, 0, false
	hold := holdWindow(cut)
	var relapses []Window
	for _, s := range cut {
		if s.To <= t0.Lo {
			continue
		}
		events += s.Scheduled
		if !s.down() {
			continue
		}
		if s.From >= max(horizon, since.Hi+hold) {
			relapses = joinWindow(relapses, intersect(s.Window, judged))
			continue
		}
		// It lasted into this slice and had ended when the next began.
		down = true
		since = Stamp{State: Seen, Lo: max(s.From, t0.Lo), Hi: max(s.To, t0.Hi), Source: "load"}
	}
	if events == 0 {
		return Stamp{State: NotSeen}, nil
	}
	end := judged.To
	if n := len(cut); n > 0 {
		end = min(end, cut[n-1].To)
	}
	since.Source, since.Detail = "load", "good for "+formatDuration(hold)
	switch {
	case !down && len(relapses) > 0:
	case !down:
		since.Detail = "never down"
	case end-since.Hi < hold:
		return Stamp{
			State: Censored, Lo: since.Lo, Hi: max(since.Hi, end), Source: "load",
			Detail: "the trial ended before service had been good for " + formatDuration(hold),
		}, nil
	}
	return since, relapses
}

// joinWindow appends w to windows, which are in order, as one with the last
// when they touch.
func joinWindow(windows []Window, w Window) []Window {
	if n := len(windows); n > 0 && windows[n-1].To >= w.From {
		windows[n-1].To = w.To
		return windows
	}
	return append(windows, w)
}

// helped reports whether users were served again only after the harness had
// set out to remove the fault.
func (r RecoveryTime) helped() bool {
	return r.Restored.State == Seen && r.Restored.Hi > max(r.Removal, r.Effective.Hi)
}

// recovered is the later of t6 and t5, counted from t0; see
// RecoveryTime.Recovered.
func (r RecoveryTime) recovered() Phase {
	p := r.Total
	if p.State == NotSeen || r.Restored.State == NotSeen {
		return Phase{Name: TotalPhase, State: NotSeen}
	}
	users := phaseBetween(TotalPhase, Seen, r.Effective, r.Restored)
	if r.Restored.State == Censored || r.helped() {
		// All that is known is when users were last without service.
		p.State = Censored
		users.Length, users.Resolution = max(0, r.Restored.Lo-r.Effective.Hi), 0
	}
	if users.Length > p.Length {
		p.Length, p.Resolution = users.Length, users.Resolution
	}
	return p
}
