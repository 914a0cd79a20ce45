package observe

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// HAProxy is Edge for an HAProxy of somebody's own: page is the URL of its
// statistics page, "http://127.0.0.1:8404/stats", and the source is "haproxy".
// allowHosts are the hosts besides loopback addresses that may be asked.
func HAProxy(page string, every time.Duration, allowHosts ...string) harness.Observer {
	return &edge{source: pageSource(page, allowHosts), name: "haproxy", every: every}
}

// AskHAProxy asks for the statistics once, as HAProxy does, and returns the
// names of all backends and servers in them, each once.
func AskHAProxy(ctx context.Context, page string, allowHosts ...string) ([]string, error) {
	servers, err := pageSource(page, allowHosts).servers(ctx, "")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range servers {
		for _, name := range []string{s.backend, s.name} {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// pageSource asks for the page as CSV (HAProxy management guide, section 9.1).
func pageSource(page string, allowHosts []string) source {
	if !strings.HasSuffix(page, ";csv") {
		page += ";csv"
	}
	return newSource(func() (string, bool) { return page, true }, allowHosts...)
}
