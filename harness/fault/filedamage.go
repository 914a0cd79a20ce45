package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness/agent"
)

// sameFile reports whether a file is as before, but for what the target itself
// has written since, which shows by the file's time.
func sameFile(before, now agent.Seen) (bool, string) {
	same := now.Detail == before.Detail && now.Counters["mtime"] == before.Counters["mtime"]
	wrote := now.Counters["mtime"] != before.Counters["mtime"]
	return same || wrote, fmt.Sprintf("%d bytes %s, before it %d bytes %s", now.Counters["size"], now.Detail, before.Counters["size"], before.Detail)
}
