// Package observe has the sources of Signals: the container engine, the
// registry, the gateways, the load balancer, Prometheus' alerts, and the
// replicas' own readiness checks. One file, one source.
//
// # Times
//
// A signal's true time lies in [Time-Resolution, Time]. Where the source keeps
// its own time stamps (gateway transitions, container events) they are used:
// all clocks are this machine's. Where a state is polled, Time is when the new
// state was seen and Resolution reaches back to the start of the last poll
// that saw the old one, which is longer than the interval when polls failed in
// between.
//
// # Failures
//
// A source that cannot be reached is asked again: being away is what faults do
// to it. How long it was away is a signal of its own (silent), because what it
// would have said in that time is not known. It is an error when a source never answers within Patience
// of the start, or when its answers are of no use (404, malformed) for that
// long: then it is not what it was taken for, and silence would look like "no
// signal".
package observe
