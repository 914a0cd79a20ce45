// Package proc signals the processes of one container from beside it. The
// agent has to be in the engine's own process namespace: the kernel lets nobody
// inside a namespace stop or kill its first process.
//
// Processes are found in /proc by the container's ID in their control group,
// and known by their number together with their start time, so that a number
// that was given away again is never signalled. Nothing else is signalled,
// whatever can be seen.
package proc
