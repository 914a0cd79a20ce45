package docker

import (
	"time"

	"github.com/fournines/fournines/stack"
)

// reporter passes steps on to a Progress that may be nil.
type reporter struct{ to stack.Progress }

func (r reporter) send(s stack.Step) {
	if r.to != nil {
		r.to(s)
	}
}

// step reports the start and the end of work. The work may say more through
// the task that it is given.
func (r reporter) step(name string, work func(t *task) error) error {
	t := &task{reporter: r, name: name}
	r.send(stack.Step{Name: name})
	start := time.Now()
	err := work(t)
	r.send(stack.Step{Name: name, Detail: t.outcome, Ended: true, Took: time.Since(start), Err: err})
	return err
}

// task is a step that is going on.
type task struct {
	reporter
	name    string
	outcome string
}

// detail says what the task is doing now. It may be called concurrently.
func (t *task) detail(text string) {
	if text != "" {
		t.send(stack.Step{Name: t.name, Detail: text})
	}
}

// count says how much of the task is done. It may be called concurrently.
func (t *task) count(detail string, done, total int) {
	t.send(stack.Step{Name: t.name, Detail: detail, Done: done, Total: total})
}

// result is what the end of the step will say. Only the goroutine that runs
// the step's work may call it.
func (t *task) result(text string) { t.outcome = text }
