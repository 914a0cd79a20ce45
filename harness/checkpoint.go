package harness

// Checkpoint is a moment of an injection's life.
type Checkpoint string

// The checkpoints of one injection, in order. What a process leaves that ends
// at one of them differs from what it leaves at the others.
const (
	// AfterIntent: how the fault is undone is written down, and it is not
	// injected yet.
	AfterIntent Checkpoint = "after-intent"
	// AfterInject: Inject has returned, and nobody has seen the effect yet.
	AfterInject Checkpoint = "after-inject"
	// DuringDisruption: the fault was seen in effect.
	DuringDisruption Checkpoint = "during-disruption"
	// DuringRecover: Recover is being called.
	DuringRecover Checkpoint = "during-recover"
	// AfterRecover: the fault was seen removed, and that is not written down
	// yet.
	AfterRecover Checkpoint = "after-recover"
)

// Checkpoints returns all checkpoints in order.
func Checkpoints() []Checkpoint {
	return []Checkpoint{AfterIntent, AfterInject, DuringDisruption, DuringRecover, AfterRecover}
}

// WithCheckpoint calls f at every checkpoint of every injection, for tests of
// what survives the end of this process: f may end it. f is never called
// concurrently and must not call back into the harness.
func WithCheckpoint(f func(Checkpoint)) Option { return func(o *options) { o.checkpoint = f } }
