// Package harness holds the domain of fournines and its engine.
//
// Run gathers, Judge decides. Run drives one Plan against the live parts in a
// Rig and returns Evidence; its error means that the harness could not do its
// job. Judge is a pure function of Evidence; a broken system is a Verdict.
//
// All times inside Evidence are offsets from one monotonic base per trial
// (time.Duration, nanoseconds); wall-clock time is kept for display only.
//
// The package has no global state and needs no *testing.T.
package harness
