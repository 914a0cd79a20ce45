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
// time of length holdWindow after the fault in which no slice is down,
// back-dated to that start. It is the fault itself when no slice was down at
// all. It is censored when the trial ended before the hold was over: Lo is then
// the last moment at which service is known to have been down (the fault's own
// when it never was), Hi the end of the trial. Without any event after the
// fault it is NotSeen.
func restored(cut []slice, judged Window, t0 Stamp) Stamp {
	since, events := t0, 0
	hold := holdWindow(cut)
	for _, s := range cut {
		if s.To <= t0.Lo {
			continue
		}
		events += s.Scheduled
		if s.From-since.Hi >= hold {
			break // held
		}
		if s.down() {
			// It lasted into this slice and had ended when the next began.
			since = Stamp{State: Seen, Lo: max(s.From, t0.Lo), Hi: max(s.To, t0.Hi), Source: "load"}
		}
	}
	if events == 0 {
		return Stamp{State: NotSeen}
	}
	end := judged.To
	if n := len(cut); n > 0 {
		end = min(end, cut[n-1].To)
	}
	if end-since.Hi < hold {
		return Stamp{
			State: Censored, Lo: since.Lo, Hi: max(since.Hi, end), Source: "load",
			Detail: "the trial ended before service had been good for " + formatDuration(hold),
		}
	}
	since.Source, since.Detail = "load", "good for "+formatDuration(hold)
	return since
}
