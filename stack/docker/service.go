package docker

import "strconv"

// LabelPort is the port inside an attached container that clients send their
// requests to.
const LabelPort = "io.fournines.port"

// ServicePort is the port inside the container that clients send their
// requests to; false when nobody knows. See fault.Server.
func (r *replica) ServicePort() (int, bool) {
	if label, ok := r.labels[LabelPort]; ok {
		port, err := strconv.Atoi(label)
		return port, err == nil && port > 0 && port < 1<<16
	}
	switch {
	case r.published != nil: // of somebody else
		return 0, false
	case r.recipe.component == "db":
		return databasePort, true
	case r.recipe.component == "backup":
		return daemonPort, true
	case r.recipe.own:
		return servicePort, true
	case r.recipe.component == "edge":
		return edgePort, true
	}
	return 0, false
}
