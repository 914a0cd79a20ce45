package orders

// Flaw is what a known-bad store gets wrong.
type Flaw int

const (
	// Forgets acknowledges orders that it does not keep.
	Forgets Flaw = iota + 1
	// Repeats keeps an order as often as it comes, whatever its key.
	Repeats
	// KeepsRefused refuses orders that it keeps.
	KeepsRefused
)

// flawEvery says how often: one order in twenty.
const flawEvery = 20

// Durability is the feature that an order is kept before it is acknowledged.
const Durability = "durability"
