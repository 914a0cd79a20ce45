package docker

import (
	"errors"
	"os"
	"time"
)

// foreignPatience is how old a run of another machine must be to count as
// dead: whether its process lives cannot be seen from here.
const foreignPatience = 24 * time.Hour

// judge finds out from a run's labels, and from its lock, whether anybody
// still wants it.
func (f *Found) judge(labels map[string]string, host string, now time.Time) {
	f.Kept = labels[labelKeep] == "true"
	f.Started, _ = time.Parse(time.RFC3339, labels[labelStarted]) // zero when it is not there
	if labels[labelHost] != host {
		f.Alive = now.Sub(f.Started) < foreignPatience
		f.orphan = !f.Alive && !f.Kept
		return
	}
	lock, err := tryLock(labels[labelLock], exclusive, false)
	switch {
	case errors.Is(err, os.ErrNotExist):
		// Cleaned away, by Down or by the user.
		f.orphan = !f.Kept
	case err != nil:
		// Held, or another user's: it is not for us to judge.
		f.Alive = true
	default:
		defer func() { _ = lock.release() }() // nothing was written to it
		// A process that was killed while it brought up a stack to keep has
		// left half of one.
		note, err := lock.note()
		f.orphan = err == nil && (!f.Kept || note != noteKept)
	}
}
