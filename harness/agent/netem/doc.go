// Package netem shapes packets by the kernel's sch_netem, where there is one:
// what enters a network namespace is led through an intermediate device (ifb)
// on which netem holds and loses it.
//
// It does what netem does as it is asked for here: latency without jitter and
// loss. With jitter netem lets packets overtake each other, it damages none
// with a checksum made anew, and it counts neither what it doubles nor what it
// damages; for all that there is package netqueue.
//
// Unlike a queue in user space it stays when its process is killed: who heals
// has to remove it.
//
// No kernel with sch_netem was at hand when this was written: the messages are
// tested byte by byte, and the way through the device with another qdisc in
// netem's place; that netem does with them what its documentation says is not.
package netem

import "errors"

// Prefix begins the names of our devices; the number of the effect follows.
const Prefix = "fn-shape-"

// ErrUnsupported means that this kernel, or netem, cannot do what is asked for.
var ErrUnsupported = errors.New("netem cannot do it")
