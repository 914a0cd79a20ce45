package httpfault

import (
	"fmt"
	"strconv"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

// Effect is the name of the effect that New makes, Look of that NewLook makes.
const (
	Effect = "http"
	Look   = "http-look"
)

// ProofHeader marks a request that proves the fault: with the value Spec.Proof
// it is hit whatever the share, and with that and "-spare" it is not.
const ProofHeader = "Fournines-Proof"

// spare after the value marks a request that is never hit.
const spare = "-spare"

// Kind is what is done to a request.
type Kind string

// Delay passes a request on later, Abort answers it with a status, Reset cuts
// its connection, Body changes the answer's body.
const (
	Delay Kind = "delay"
	Abort Kind = "abort"
	Reset Kind = "reset"
	Body  Kind = "body"
)

// What is done to a body.
const (
	Truncated = "truncated"
	Emptied   = "emptied"
	Garbled   = "garbled"
	Replaced  = "replaced"
)

// Spec says what to do to which requests.
type Spec struct {
	// Port is the service's.
	Port uint16
	Kind Kind
	// Path is the prefix of the paths that are hit, Share how many of those
	// requests, from 0 to 1; Seed decides which.
	Path  string
	Share float64
	Seed  uint64
	// Latency and Jitter are of Delay: Latency ± Jitter, evenly spread.
	Latency, Jitter time.Duration
	// Status is of Abort.
	Status int
	// Change is of Body: Truncated, Emptied, Garbled or Replaced, by Text.
	Change, Text string
	// WrongLength makes Content-Length disagree with the changed body.
	WrongLength bool
	// Proof is the value of ProofHeader that marks a request.
	Proof string
}

// Args are the spec as an agent gets it.
func (s Spec) Args() map[string]string {
	return map[string]string{
		"port": strconv.Itoa(int(s.Port)), "kind": string(s.Kind), "path": s.Path,
		"share": strconv.FormatFloat(s.Share, 'g', -1, 64), "seed": strconv.FormatUint(s.Seed, 10),
		"latency": s.Latency.String(), "jitter": s.Jitter.String(), "status": strconv.Itoa(s.Status),
		"change": s.Change, "text": s.Text, "wrongLength": strconv.FormatBool(s.WrongLength), "proof": s.Proof,
	}
}

// parse reads what Args writes.
func parse(args map[string]string) (s Spec, err error) {
	r := reader{args: args}
	s = Spec{
		Port: uint16(read(&r, "port", func(v string) (uint64, error) { return strconv.ParseUint(v, 10, 16) })),
		Kind: Kind(args["kind"]), Path: args["path"], Change: args["change"], Text: args["text"], Proof: args["proof"],
		Share:       read(&r, "share", func(v string) (float64, error) { return strconv.ParseFloat(v, 64) }),
		Seed:        read(&r, "seed", func(v string) (uint64, error) { return strconv.ParseUint(v, 10, 64) }),
		Latency:     read(&r, "latency", time.ParseDuration),
		Jitter:      read(&r, "jitter", time.ParseDuration),
		Status:      read(&r, "status", strconv.Atoi),
		WrongLength: read(&r, "wrongLength", strconv.ParseBool),
	}
	switch {
	case r.err != nil:
		return s, r.err
	case s.Port == 0:
		return s, fmt.Errorf("argument \"port\": want a port from 1, saw %q", args["port"])
	case s.Share < 0 || s.Share > 1:
		return s, fmt.Errorf("argument \"share\": want a number from 0 to 1, saw %q", args["share"])
	case s.Kind == Abort && (s.Status < 200 || s.Status > 599):
		return s, fmt.Errorf("argument \"status\": want a status from 200 to 599, saw %q", args["status"])
	case s.Kind == Body && s.Change != Truncated && s.Change != Emptied && s.Change != Garbled && s.Change != Replaced:
		return s, fmt.Errorf("argument \"change\": want one of truncated, emptied, garbled, replaced, saw %q", s.Change)
	case s.Kind != Delay && s.Kind != Abort && s.Kind != Reset && s.Kind != Body:
		return s, fmt.Errorf("argument \"kind\": want one of delay, abort, reset, body, saw %q", s.Kind)
	}
	return s, nil
}

// reader keeps the first argument that cannot be read.
type reader struct {
	args map[string]string
	err  error
}

func read[T any](r *reader, name string, parse func(string) (T, error)) T {
	v, err := parse(r.args[name])
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("argument %q: %w", name, err)
	}
	return v
}

// New makes the effect.
func New(args map[string]string) (agent.Effect, error) {
	s, err := parse(args)
	if err != nil {
		return nil, err
	}
	return newEffect(s), nil
}
