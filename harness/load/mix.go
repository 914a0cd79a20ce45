package load

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// Weighted is one kind of request in a Mix.
type Weighted struct {
	// Weight is the kind's share of the traffic relative to the others; > 0.
	Weight float64
	// Request makes one request; everything random in it comes from r.
	Request func(r *rand.Rand) Request
}

// Mix returns a source that picks one of the kinds for each request, in the
// proportion of their weights. Request seq depends on seed and seq alone: the
// same in every run, in whatever order requests are sent.
func Mix(seed uint64, kinds []Weighted) (Source, error) {
	if len(kinds) == 0 {
		return nil, errors.New("mix requests: no kinds; want at least one")
	}
	total := 0.0
	for i, k := range kinds {
		if !(k.Weight > 0) || math.IsInf(k.Weight, 1) {
			return nil, fmt.Errorf("mix requests: weight of kind %d is %v; want more than 0", i, k.Weight)
		}
		if k.Request == nil {
			return nil, fmt.Errorf("mix requests: kind %d makes no request", i)
		}
		total += k.Weight
	}
	return func(seq uint64) Request {
		r := rand.New(rand.NewPCG(seed, seq))
		pick := r.Float64() * total
		for _, k := range kinds[:len(kinds)-1] {
			if pick < k.Weight {
				return k.Request(r)
			}
			pick -= k.Weight
		}
		return kinds[len(kinds)-1].Request(r)
	}, nil
}
