// Package load is open-loop HTTP traffic: vegeta behind harness.Load.
//
// Vegeta gives the attack loop and its pool of workers; everything that a
// verdict rests on is done here, because vegeta's own results do not carry it:
//
//   - the intended time of request n is start + n/rate, whatever happened to
//     the requests before it. A request that is sent late keeps its intended
//     time, its latency counts from there, and the lag can be read from the
//     Event (Sent - Intended);
//   - errors are classified from the error values into harness.Class; vegeta
//     keeps only their text;
//   - a request is Sent when it is handed to the HTTP transport, fully made:
//     the last moment that is the generator's own. What the transport does then
//     (wait for a connection, write) counts as latency, because a stack that
//     does not take connections must not look like a slow generator. How much
//     later the packet arrives is what package fidelity measures;
//   - the schedule is kept by a high-resolution timer where the system has one
//     (Linux); the runtime's own timers would be up to a millisecond late;
//   - every scheduled request yields exactly one Event, those that were never
//     sent included.
//
// # Connections
//
// By default connections are kept and shared, as a service's client does. Note
// that net/http silently sends a request again when a kept connection turns
// out to be closed before the first byte of the answer and the request is
// idempotent (GET, HEAD, ...) and has no body: one dead connection then costs
// latency and no failure. With Config.FreshConnections nothing is kept, every
// request pays for its own connection, and nothing is retried. The two see
// different outages of the same stack.
package load
