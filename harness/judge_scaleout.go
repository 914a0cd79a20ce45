package harness

import "time"

const (
	// scaleOut is the check of Limits.ScaleOut.
	scaleOut = "scaleOut"
	// controllerSource is who changes the numbers of replicas.
	controllerSource = "controller"
)

// scaledOut is the first replica that the controller placed at or after the
// fault and that a gateway then took up: from there on it takes its share.
func scaledOut() milestone {
	return milestone{
		check: scaleOut, source: controllerSource,
		reached: func(ev Evidence, from time.Duration) int {
			placed := map[string]time.Duration{}
			for _, s := range ev.Signals {
				if at, known := placed[s.Subject]; s.Kind == Placed && s.At >= from && (!known || s.At < at) {
					placed[s.Subject] = s.At
				}
			}
			return firstOf(ev, from, func(s Signal) bool {
				at, known := placed[s.Subject]
				return s.Kind == Added && known && s.At >= at
			})
		},
		failed: func(Evidence, time.Duration) int { return -1 },
		clause: "a replica that was added took up requests %s, counted from the fault", missing: "no replica was added",
		nobody: "nobody on this stack adds replicas", needs: "a stack whose controller adds replicas",
	}
}
