// Package matchers lets Gomega suites assert on what fournines found:
//
//	Expect(verdict).To(MeetObjectives())
//	Expect(verdict).To(SatisfyAll(RecoverWithin(10*time.Second), LoseAtMost(0.0001)))
//
// A matcher never guesses. What was not observed, or comes from an invalid
// trial, is neither a match nor a mismatch but an error, so that neither
// To nor NotTo passes without evidence.
package matchers
