package docker

import (
	"strconv"
	"time"

	"github.com/moby/moby/client"
)

// Labels of everything that a run makes.
const (
	labelRun       = "io.fournines.run"
	labelComponent = "io.fournines.component"
	labelReplica   = "io.fournines.replica"
	labelNode      = "io.fournines.node"
	labelKeep      = "io.fournines.keep"
	// labelHost and labelLock say where the run's lock is, so that only the
	// machine that can try the lock judges whether the run lives.
	labelHost = "io.fournines.host"
	labelLock = "io.fournines.lock"
	// labelStarted is the run's start, RFC 3339.
	labelStarted = "io.fournines.started"
	// labelImage marks the images that fournines made, also unfinished ones.
	labelImage = "io.fournines.image"
)

// runLabels are the labels that everything of one run shares.
func runLabels(runID string, keep bool, host, lockPath string, started time.Time) map[string]string {
	return map[string]string{
		labelRun:     runID,
		labelKeep:    strconv.FormatBool(keep),
		labelHost:    host,
		labelLock:    lockPath,
		labelStarted: started.UTC().Format(time.RFC3339),
	}
}

// ofRun filters what one run made; the empty run ID means any run.
func ofRun(runID string) client.Filters {
	label := labelRun
	if runID != "" {
		label += "=" + runID
	}
	return make(client.Filters).Add("label", label)
}
