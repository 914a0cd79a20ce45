// Package docker runs the reference platform in containers of the local
// container engine.
//
// Everything that a run makes carries the label io.fournines.run. A run that
// lives holds a lock on a file; what carries the label of a run that holds no
// lock, and is not meant to be kept, is an orphan, and Sweep removes it. No
// container but the platform's own is ever started: there is no reaper.
//
// Ports are published on 127.0.0.1 only, so the engine must run on this
// machine.
package docker
