// Package fidelity measures how well load generators keep to their schedule,
// and how much memory ours takes, over loopback. It holds benchmarks and tests
// only; docs/benchmarks.md says how they are run.
//
// The truth is not what a generator says of itself: a target notes when each
// request arrived, on Linux by the kernel's own time stamp of the packet, which
// does not depend on when the target was scheduled. Every
// request carries its number and is compared with its own moment.
package fidelity
