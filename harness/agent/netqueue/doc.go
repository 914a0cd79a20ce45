// Package netqueue shapes packets in user space, for kernels without
// sch_netem: rules hand the packets that enter a network namespace to a queue
// (NFQUEUE), and this process decides about each when it goes on, whether it is
// lost, doubled, damaged or overtaken.
//
// It works on what comes in only. A packet that is held on its way out stays
// charged to the socket that sent it, and a sender with a few packets held
// stops; what a target sends is therefore held where it arrives, by agents in
// the namespaces of its peers.
//
// Rules are in a table that belongs to this process: however it ends, the
// kernel removes them at once, and packets pass as before; those that were
// held are lost. While it is alive but does not run (SIGSTOP), packets stay in
// the queue until that is full, and pass untouched from then on.
//
// IPv4 only.
package netqueue

// Way is the value of "way" in the state before.
const Way = "nfqueue"
