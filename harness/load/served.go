package load

import (
	"net/http"
	"strings"

	"github.com/fournines/fournines/harness"
)

const (
	// servedByHeader is where an answer names the replicas that had a part in
	// it, each as a value of its own or all with commas between them.
	servedByHeader = "X-Served-By"
	// longestServer bounds one name, in bytes.
	longestServer = 64
)

// servedBy are the replicas that an answer names, in its order. What cannot be
// a replica's name is left out.
func servedBy(h http.Header) (names []string) {
	for _, value := range h[servedByHeader] {
		for name := range strings.SplitSeq(value, ",") {
			name = strings.TrimSpace(name)
			if plainName(name) && len(names) < harness.MostServers {
				names = append(names, name)
			}
		}
	}
	return names
}

// plainName reports whether a name is of letters, digits and ".-_".
func plainName(name string) bool {
	return name != "" && len(name) <= longestServer && strings.IndexFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_'
	}) < 0
}
