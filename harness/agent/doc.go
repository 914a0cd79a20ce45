// Package agent is the process beside a target that holds a fault under a
// lease: it applies the fault, and undoes it when it is told to, when the
// harness falls silent or goes away, when its time is over, or when it is
// asked to end. It knows nothing of containers; whoever starts it puts it into
// the target's namespaces and passes it a stream.
//
// Serve is the side in the namespaces, Client the side in the harness. They
// speak JSON lines: one reply for each request, by its ID.
package agent
