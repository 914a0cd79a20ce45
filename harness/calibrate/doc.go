// Package calibrate holds the measurement against known truth. A target in
// this process breaks by script; the real load generator (package load), the
// real engine (harness.Run) and the real arithmetic (harness.Measure) measure
// it; what they say is compared with what the target itself wrote down.
//
// # What the truth is
//
// An outage begins and ends at the target's own stamps, read from the monotonic
// clock at the moment at which its behaviour changed, not at the scripted time.
// The truth about requests is the set of scheduled requests whose intended time
// lies in [begin, end): load is open-loop, so a request belongs to the moment
// for which it was scheduled, whenever it came to be sent or to end. Downtime
// is end - begin.
//
// Even a perfect measurement is therefore off, and by no more than this:
//
//   - Nobody looks between two scheduled requests, so each measured edge lies
//     up to 1/rate behind the true one. The two cancel in part: the length of
//     one outage is off by -1/rate to +1/rate.
//   - How a request fares is decided when the target begins to handle it, which
//     is later than its intended time by the generator's lag and the way there.
//     A request scheduled just before begin that arrives after it fails, one
//     scheduled just before end that arrives after it is answered: both edges
//     move forward by this delay.
//   - A request that is under way when connections are reset fails although
//     it was scheduled before the outage.
//   - Hung requests are never answered, not at the end of the outage either:
//     each ends with the client's timeout and is bad wherever in the outage it
//     was scheduled. The same holds for slow ones: one request is delayed
//     beyond the latency bound as a whole or not at all. Neither outlives the
//     outage in the schedule, though both do on the clock.
//
// The number of failed requests is counted by the target as it fails them.
// While the listener is closed nobody can count, and the number of scheduled
// requests in [begin, end) stands for it.
//
// Of a partial outage and of one that hits a single connection only the counts
// are compared, and that it was found: bad and good requests alternate in it,
// so that it has no edges and no downtime by outages to compare with. A flapping
// target is one outage for each time that it was down. By slices it is down
// throughout, because a slice is judged as a whole: the slices of flapping are
// shown, and left out of the line for all modes.
//
// # The noise floor
//
// Beside each script runs an arm of the same length in which nothing breaks.
// Everything that it sees is made by the machine and by fournines: invented
// outages, lag, requests out of schedule. Where the generator did not keep its
// schedule the result is invalid: the figures are about the machine then and
// not about the measurement. The same holds for a single outage when the machine
// held up a request in or about it, on its way or before it was sent, or the
// target between its stamp and the edge, for longer than the bound on p99
// allows.
//
// # Recovery
//
// The stamps of the recovery time line are compared in trials of their own with
// one injected outage each. The target reports its transitions as Signals: dead,
// noticed a scripted time later, whole again by itself.
package calibrate
