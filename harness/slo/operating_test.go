package slo

import (
	"math"
	"math/rand/v2"
)

// operation plays a sequential test of Rule{Requests, eps: 1e-4, alpha: .05}
// without a guard, looked at after every request, many times over.
//
// It jumps from failure to failure and is exact at that. Between two failures
// k does not change, the evidence to fail falls with every clean request
// (every r is above eps) and the evidence to pass rises with it (every q is
// below eps). So a run can pass only between failures, exactly when it reaches
// passAt[k] requests, the first n at which k failures are few enough; and it
// can fail only at a failure, exactly when the k-th comes no later than at
// failUpTo[k], the last n at which k failures are too many. Both tables are
// found by bisection of LogEPass and LogEFail beforehand.
type operation struct {
	limit            int
	passAt, failUpTo []int
}

// newOperation prepares runs of at most limit requests whose evidence is
// divided by the dispersion phi.
func newOperation(phi float64, limit int) operation {
	o := operation{limit: limit}
	need := math.Log(20)
	fails := func(k, n int) bool {
		return LogEFail(Requests, float64(k)/phi, float64(n)/phi, 1e-4) >= need
	}
	for k := 0; ; k++ {
		pass, _ := firstTrue(k, func(n int) bool {
			return LogEPass(float64(k)/phi, float64(n)/phi, 1e-4) >= need
		})
		last := 0
		if fails(k, k) {
			clean, _ := firstTrue(k, func(n int) bool { return !fails(k, n) })
			last = clean - 1
		}
		o.passAt, o.failUpTo = append(o.passAt, pass), append(o.failUpTo, last)
		if pass > limit && last >= limit {
			return o // so many failures always fail within the limit
		}
	}
}

// run plays one run in which a share p of all requests fails, in bursts of
// consecutive failures whose sizes burst draws (mean is their mean), and
// returns what was decided after how many requests.
func (o operation) run(random *rand.Rand, p, mean float64, burst func(*rand.Rand) int) (Decision, int) {
	// Clean requests before a burst are geometric with mean mean*(1-p)/p.
	begin := 1 / (1 + mean*(1-p)/p)
	for k, n := 0, 0; ; {
		gap := math.Inf(1)
		if p > 0 {
			gap = math.Floor(math.Log1p(-random.Float64()) / math.Log1p(-begin))
		}
		until := int(min(float64(n)+gap, float64(o.limit)))
		if o.passAt[k] <= until {
			return Holds, o.passAt[k]
		}
		n = until
		for range burst(random) {
			if n == o.limit {
				return Undecided, n
			}
			k, n = k+1, n+1
			if n <= o.failUpTo[k] {
				return Refuted, n
			}
		}
	}
}

// outcome is how often each Decision came in runs, and the mean and variance
// of the requests they took.
type outcome struct {
	runs           int
	share          [3]float64
	mean, variance float64
}

// play plays runs runs from a seed.
func (o operation) play(seed uint64, runs int, p, mean float64, burst func(*rand.Rand) int) outcome {
	random := rand.New(rand.NewPCG(seed, 34))
	out := outcome{runs: runs}
	sum, squares := 0.0, 0.0
	for range runs {
		decision, n := o.run(random, p, mean, burst)
		out.share[decision]++
		sum += float64(n)
		squares += float64(n) * float64(n)
	}
	for i := range out.share {
		out.share[i] /= float64(runs)
	}
	out.mean = sum / float64(runs)
	out.variance = squares/float64(runs) - out.mean*out.mean
	return out
}

// always is a burst of one size.
func always(size int) func(*rand.Rand) int { return func(*rand.Rand) int { return size } }

// geometric is a burst of at least one failure, mean in all.
func geometric(mean float64) func(*rand.Rand) int {
	return func(random *rand.Rand) int {
		return 1 + int(math.Log1p(-random.Float64())/math.Log1p(-1/mean))
	}
}
