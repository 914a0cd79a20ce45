//go:build !unix

package harness

import "time"

// processCPU is 0: the system does not say in a portable way.
func processCPU() time.Duration { return 0 }
