// Package journal remembers, across the death of the process, which faults are
// in effect and how each of them is undone.
//
// An Intent is on disk before its fault is injected: the record and the folder
// that names the file are both synced. Where that is not possible nothing may
// be injected. A journal is locked while its process lives; one that nobody
// holds belongs to a dead run, and Heal undoes what it left.
//
// A record is one line: the CRC-32C of the body in eight hex digits, the
// body's length in bytes, the body in JSON. A line that was cut off or damaged
// ends the journal; what stands before it counts. Undoing is idempotent, so a
// fault whose end was not recorded any more is undone once more.
package journal
