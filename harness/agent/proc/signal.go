package proc

import "slices"

// Signals are the names that Kill takes.
func Signals() []string { return []string{"KILL", "TERM", "INT", "QUIT", "ABRT", "SEGV", "HUP"} }

func known(signal string) bool { return slices.Contains(Signals(), signal) }
