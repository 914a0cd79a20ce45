// Package descriptors takes away from a target's main process the right to
// open one more file or connection.
package descriptors

// Soft and Hard are where the state before keeps the two halves of the limit.
const Soft, Hard = "soft", "hard"
