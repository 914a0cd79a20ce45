package calibrate

// Mode is a way of being down.
type Mode string

// The modes. Those that answer with an error do so with status 503.
const (
	// Refused closes the listener and resets all connections.
	Refused Mode = "refused"
	// Hung accepts and never answers.
	Hung Mode = "hung"
	// Erring answers every request with an error.
	Erring Mode = "5xx"
	// Slow answers every request rightly, beyond the latency bound.
	Slow Mode = "slow"
	// Flapping is Erring and well in turn, flapPart each.
	Flapping Mode = "flapping"
	// Partial answers one request in ten with an error, which ones is drawn
	// from the seed.
	Partial Mode = "partial"
	// OneConnection answers the requests of one connection with an error: that
	// which carries the first request of the outage.
	OneConnection Mode = "one-connection"
)

// modes is the order in which results are shown.
var modes = [...]Mode{Refused, Hung, Erring, Slow, Flapping, Partial, OneConnection}

// whole reports whether every request fails in the mode, so that there are
// edges and a downtime to compare.
func (m Mode) whole() bool { return m != Partial && m != OneConnection }

// counted reports whether the target knows which requests it failed.
func (m Mode) counted() bool { return m != Refused }
