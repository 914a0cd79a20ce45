package shape

import (
	"errors"
	"fmt"
	"math/rand/v2"
)

// Bursts is the Gilbert–Elliott model of loss: a link is good or bad, goes
// from one to the other before each packet, and loses packets in both with a
// share of its own (Elliott, Bell System Technical Journal 42, 1963).
type Bursts struct {
	// P is the chance to go from good to bad, R from bad to good.
	P, R float64
	// LossGood and LossBad are the shares that are lost.
	LossGood, LossBad float64
}

// Mean is the share of packets that are lost in the long run.
func (b Bursts) Mean() float64 { return (b.R*b.LossGood + b.P*b.LossBad) / (b.P + b.R) }

func (b Bursts) check() error {
	var problems []error
	for name, share := range map[string]float64{"p": b.P, "r": b.R, "lossGood": b.LossGood, "lossBad": b.LossBad} {
		if !(share >= 0 && share <= 1) {
			problems = append(problems, fmt.Errorf("want %s from 0 to 1, saw %v", name, share))
		}
	}
	if !(b.P > 0 && b.R > 0) {
		problems = append(problems, errors.New("want p and r above 0: a link that never changes has no bursts"))
	}
	if !(b.LossGood > 0 || b.LossBad > 0) {
		problems = append(problems, errors.New("want lossGood or lossBad above 0: nothing would be lost"))
	}
	return errors.Join(problems...)
}

// link is a Bursts in its state.
type link struct {
	Bursts
	bad bool
}

func (l *link) loses(rng *rand.Rand) bool {
	turn, loss := l.P, l.LossGood
	if l.bad {
		turn = l.R
	}
	if rng.Float64() < turn {
		l.bad = !l.bad
	}
	if l.bad {
		loss = l.LossBad
	}
	return rng.Float64() < loss
}
