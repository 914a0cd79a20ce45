// Package controller is what keeps the reference platform at the number of
// replicas that it should have: it starts what ended, replaces what was lost
// with its node, and ends what is too many. What to do is decided in a Decider,
// which has neither a clock nor I/O; Run joins it to a platform.
//
// The rules are those of Kubernetes with shorter times: a process that ended is
// started again whatever ended it, at once the first time and with a growing
// delay when it keeps ending; one that answers nothing any more is ended and
// started; the replicas of a node that is lost are placed on other nodes until
// it is back; and a number that follows load is that of the HPA's formula.
package controller
