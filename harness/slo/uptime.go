package slo

import (
	"cmp"
	"slices"
	"time"
)

// Attempt is one try of one user.
type Attempt struct {
	At   time.Duration
	Good bool
}

// Uptime is the time for which users were up and down.
type Uptime struct {
	Up, Down time.Duration
}

// Ratio is Up/(Up+Down); ok is false when no user was active.
func (u Uptime) Ratio() (ratio float64, ok bool) {
	return Tick{u.Up.Seconds(), u.Up.Seconds() + u.Down.Seconds()}.ratio()
}

// UserUptime adds up the time for which each user was up and down (Hauer et
// al., NSDI 2020): a user is up from a good attempt and down from a bad one
// until the next attempt, and until end after the last. A gap longer than
// cutoff counts for neither: the user was not there; a cutoff of 0 or less is
// none. Attempts need no order; those from end on are left out.
func UserUptime(users [][]Attempt, end, cutoff time.Duration) Uptime {
	var sum Uptime
	spans(users, end, cutoff, func(from, to time.Duration, good bool) {
		if good {
			sum.Up = plus(sum.Up, to-from)
		} else {
			sum.Down = plus(sum.Down, to-from)
		}
	})
	return sum
}

// UptimeTicks is UserUptime spread over n ticks from 0 on, in seconds of user
// time, for Windowed. It is empty when tick or n is not positive.
func UptimeTicks(users [][]Attempt, tick time.Duration, n int, cutoff time.Duration) []Tick {
	if tick <= 0 || n <= 0 || n > int(Never/tick) {
		return nil
	}
	ticks := make([]Tick, n)
	spans(users, time.Duration(n)*tick, cutoff, func(from, to time.Duration, good bool) {
		for i := int(from / tick); i < n; i++ {
			begin := time.Duration(i) * tick
			if begin >= to {
				return
			}
			part := (min(to, begin+tick) - max(from, begin)).Seconds()
			ticks[i].Total += part
			if good {
				ticks[i].Good += part
			}
		}
	})
	return ticks
}

// spans calls visit with every span of time for which a user was up or down,
// between 0 and end.
func spans(users [][]Attempt, end, cutoff time.Duration, visit func(from, to time.Duration, good bool)) {
	for _, attempts := range users {
		sorted := slices.SortedStableFunc(slices.Values(attempts), func(a, b Attempt) int { return cmp.Compare(a.At, b.At) })
		for i, a := range sorted {
			to := end
			if i+1 < len(sorted) {
				to = min(end, sorted[i+1].At)
			}
			from := max(a.At, 0)
			if from < to && (cutoff <= 0 || to-from <= cutoff) {
				visit(from, to, a.Good)
			}
		}
	}
}
