package backup

import (
	"sync"
	"time"

	"github.com/fournines/fournines/stack/platform/vault"
)

// state is what the figures are made of. All methods may be called
// concurrently.
type state struct {
	mu sync.Mutex
	memory
}

// memory is state's content.
type memory struct {
	started  time.Time
	failures map[string]float64
	// base is the newest base backup of all, or of this process's life.
	base vault.Base

	progress                    progress
	connected, stream           bool
	archived, refused           float64
	archivedAt                  time.Time
	drilled                     Drill
	verified                    Drill
	drills, restores            float64
	restore                     vault.Restored
	check                       Checked
	checkAt                     time.Time
	damaged, repaired, gapsSeen float64
}

func (s *state) change(do func(m *memory)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do(&s.memory)
}

// now is a copy, but for the counts of failures.
func (s *state) now() memory {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.memory
	m.failures = make(map[string]float64, len(s.failures))
	for task, n := range s.failures {
		m.failures[task] = n
	}
	return m
}

func (s *state) fail(task string) { s.change(func(m *memory) { m.failures[task]++ }) }

func (s *state) based(base vault.Base) { s.change(func(m *memory) { m.base = base }) }

// streaming notes whether the log is received as a stream, and returns whether
// it was.
func (s *state) streaming(now bool) (was bool) {
	s.change(func(m *memory) { was, m.stream = m.stream, now })
	return was
}

func (s *state) progressed(p progress) {
	s.change(func(m *memory) { m.progress, m.connected = p, true })
}

func (s *state) lost(error) { s.change(func(m *memory) { m.connected = false }) }

// received is a position that is known to be here.
func (s *state) received() vault.LSN { return s.now().progress.Received }

func (s *state) filed(err error) {
	s.change(func(m *memory) {
		if err != nil {
			m.refused++
			return
		}
		m.archived++
		m.archivedAt = time.Now()
	})
}

func (s *state) checked(c Checked) {
	s.change(func(m *memory) {
		m.check, m.checkAt = c, time.Now()
		m.damaged += float64(len(c.Damaged))
		m.repaired += float64(len(c.Repaired))
		if c.Gap != "" {
			m.gapsSeen++
		}
	})
}

func (s *state) drill(d Drill) {
	s.change(func(m *memory) {
		m.drills++
		m.drilled = d
		if d.Verified {
			m.verified = d
		}
	})
}

func (s *state) restored(r vault.Restored) {
	s.change(func(m *memory) {
		m.restores++
		m.restore = r
		// The database may have gone back: what was received before is no
		// measure any more.
		m.progress.Received = 0
	})
}
