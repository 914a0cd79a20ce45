package shape

import "time"

// Queue holds packets until they are due. Packets leave in the order in which
// they came, but for those that are overtaken: one that would be due before an
// earlier one waits for it. Times are of any one clock. The zero value is
// empty and ready to use.
type Queue struct {
	heap []held
	// last is when the latest packet is due that keeps its place.
	last time.Duration
	came uint64
}

type held struct {
	due  time.Duration
	came uint64
	id   uint32
	mark uint32
}

func (h held) before(other held) bool {
	if h.due != other.due {
		return h.due < other.due
	}
	return h.came < other.came
}

// Push adds a packet that came at now and is to be held for hold. mark is
// given back with it.
func (q *Queue) Push(id, mark uint32, now, hold time.Duration, overtaken bool) {
	q.came++
	h := held{due: now + hold, came: q.came, id: id, mark: mark}
	if !overtaken {
		h.due = max(h.due, q.last)
		q.last = h.due
	}
	q.heap = append(q.heap, h)
	for i := len(q.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if !q.heap[i].before(q.heap[parent]) {
			break
		}
		q.heap[i], q.heap[parent] = q.heap[parent], q.heap[i]
		i = parent
	}
}

// Pop takes out the next packet that is due at now.
func (q *Queue) Pop(now time.Duration) (id, mark uint32, ok bool) {
	if len(q.heap) == 0 || q.heap[0].due > now {
		return 0, 0, false
	}
	first, end := q.heap[0], len(q.heap)-1
	q.heap[0], q.heap = q.heap[end], q.heap[:end]
	for i := 0; ; {
		child := 2*i + 1
		if child >= end {
			break
		}
		if child+1 < end && q.heap[child+1].before(q.heap[child]) {
			child++
		}
		if !q.heap[child].before(q.heap[i]) {
			break
		}
		q.heap[i], q.heap[child] = q.heap[child], q.heap[i]
		i = child
	}
	return first.id, first.mark, true
}

// Due is when the next packet is due; false when none is held.
func (q *Queue) Due() (time.Duration, bool) {
	if len(q.heap) == 0 {
		return 0, false
	}
	return q.heap[0].due, true
}

// Len is how many packets are held.
func (q *Queue) Len() int { return len(q.heap) }
