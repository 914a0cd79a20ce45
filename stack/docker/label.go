package docker

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
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
	// labelChoices are the run's stack.Choices, as JSON.
	labelChoices = "io.fournines.choices"
	// labelAuthority is what clients of the container trust: the certificate of
	// the run's authority, as PEM. Only containers that show one have it.
	labelAuthority = "io.fournines.authority"
	// labelImage marks the images that fournines made, also unfinished ones.
	labelImage = "io.fournines.image"
	// labelAgent marks the side containers that hold faults; its value is the
	// ID of the target's container.
	labelAgent = "io.fournines.agent"
	// labelStarter is the process that started a side container: its machine,
	// its number and when it began.
	labelStarter = "io.fournines.starter"
	// labelPlaced is "true" on a replica that the controller made beside those
	// that the stack was brought up with.
	labelPlaced = "io.fournines.placed"
)

// runLabels are the labels that everything of one run shares.
func runLabels(runID string, keep bool, host, lockPath string, choices stack.Choices, started time.Time) (map[string]string, error) {
	chosen, err := json.Marshal(choices)
	if err != nil {
		return nil, fmt.Errorf("write down what was chosen: %w", err)
	}
	return map[string]string{
		labelChoices: string(chosen),
		labelRun:     runID,
		labelKeep:    strconv.FormatBool(keep),
		labelHost:    host,
		labelLock:    lockPath,
		labelStarted: started.UTC().Format(time.RFC3339),
		// What fournines made it may break, also when it is attached later.
		LabelAllowFaults: LabelAllowed,
	}, nil
}

// choicesOf reads the choices of a run from the labels of any part of it; a run
// of a version without choices made none.
func choicesOf(labels map[string]string) (c stack.Choices, err error) {
	text, ok := labels[labelChoices]
	if !ok {
		c.Without = []string{stack.TLS}
		return c, nil
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("read label %s: %w", labelChoices, err)
	}
	return c, nil
}

// ofRun filters what one run made; the empty run ID means any run.
func ofRun(runID string) client.Filters {
	label := labelRun
	if runID != "" {
		label += "=" + runID
	}
	return make(client.Filters).Add("label", label)
}
