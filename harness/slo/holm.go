package slo

import (
	"math"
	"slices"
)

// Holm adjusts p-values of checks that are judged together: the checks whose
// adjusted value is at most alpha may all be called refuted, and the
// probability that any of them wrongly is stays at most alpha, whatever their
// dependence and even where each was stopped at its own time (Holm, 1979):
// max over j <= i of (m-j+1)*p_(j), at most 1. Result i belongs to p[i]. A
// value that is no probability counts as 1.
func Holm(p []float64) []float64 {
	order, adjusted := ranking(p), make([]float64, len(p))
	largest := 0.0
	for i, at := range order {
		largest = max(largest, min(1, float64(len(p)-i)*probability(p[at])))
		adjusted[at] = largest
	}
	return adjusted
}

// BenjaminiHochberg adjusts p-values so that, of the checks whose adjusted
// value is at most q, the expected share that is wrong is at most q
// (Benjamini and Hochberg, 1995): min over j >= i of m/j*p_(j). It is for
// lists to look at ("which scenarios moved") and never for a gate. Result i
// belongs to p[i]. A value that is no probability counts as 1.
func BenjaminiHochberg(p []float64) []float64 {
	order, adjusted := ranking(p), make([]float64, len(p))
	smallest := 1.0
	for i, at := range slices.Backward(order) {
		smallest = min(smallest, float64(len(p))/float64(i+1)*probability(p[at]))
		adjusted[at] = smallest
	}
	return adjusted
}

// ranking are the indices of p from its smallest value to its largest.
func ranking(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := probability(p[a]), probability(p[b]); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return order
}

// probability is p, or 1 when p is none.
func probability(p float64) float64 {
	if math.IsNaN(p) || p < 0 || p > 1 {
		return 1
	}
	return p
}
