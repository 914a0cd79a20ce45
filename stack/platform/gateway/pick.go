package gateway

import "slices"

// pick chooses the endpoint for the next try of a request: one that was not
// tried before, with the fewest requests in flight, in turn among equals. An
// idle service is thus served round robin, and an endpoint that hangs gets
// hardly more than the request that finds out. Nil when there is no endpoint
// left to try.
func (p *pool) pick(tried []*endpoint) *endpoint {
	candidates := p.candidates(tried)
	if len(candidates) == 0 {
		return nil
	}
	start := int(p.turn.Add(1) % uint64(len(candidates)))
	best := candidates[start]
	for i := 1; i < len(candidates); i++ {
		if e := candidates[(start+i)%len(candidates)]; e.inFlight.Load() < best.inFlight.Load() {
			best = e
		}
	}
	return best
}

// candidates are the endpoints that may be tried next: those in rotation, and
// only when all of them have been tried the ejected ones, because an endpoint
// that is said to be bad is better than no answer.
func (p *pool) candidates(tried []*endpoint) []*endpoint {
	var rotation, ejected []*endpoint
	for _, e := range p.endpoints() {
		switch {
		case slices.Contains(tried, e):
		case e.ejected.Load():
			ejected = append(ejected, e)
		default:
			rotation = append(rotation, e)
		}
	}
	if len(rotation) > 0 {
		return rotation
	}
	return ejected
}
