// Package slo is the arithmetic of service level objectives and of the
// verdicts about them: exact binomial bounds and sample sizes, evidence that
// may be looked at at any time (e-processes), comparison with a baseline,
// times that were never reached, error budgets, burn rates and yearly risk.
//
// It has no clock, no randomness and does no I/O. Every function is safe for
// concurrent use; a type that accumulates says so where it is not. Every
// formula names its source. No function returns NaN: what it answers where
// there is nothing to say is part of its comment.
package slo
