//go:build !unix

package journal

import (
	"errors"
	"os"
)

// lock is refused: without it nobody could tell a living run's journal from a
// dead one's, and healing would undo faults under the feet of a run.
func lock(*os.File) error { return errors.ErrUnsupported }
