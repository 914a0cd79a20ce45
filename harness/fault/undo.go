package fault

import (
	"regexp"
	"strings"
)

// containerID is the form of a container's identity: hex digits, short or
// full.
var containerID = regexp.MustCompile(`^[0-9a-f]{12,64}$`)

// engineCommand is what a person types to the container engine; empty when
// the targets are not containers.
func engineCommand(verb string, ids []string) string {
	for _, id := range ids {
		if !containerID.MatchString(id) {
			return ""
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return "docker " + verb + " " + strings.Join(ids, " ")
}
