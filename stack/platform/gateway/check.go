package gateway

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
)

// longest is the longest time that any limit may be.
const longest = config.Duration(time.Minute)

// problems collects what is wrong with a document.
type problems []error

// unless notes a problem unless the rule holds: "retries.tries: want 1 or
// more, saw 0".
func (p *problems) unless(holds bool, place, want string, saw any) {
	if !holds {
		*p = append(*p, fmt.Errorf("%s: want %s, saw %v", place, want, saw))
	}
}

// time wants a duration above 0 and up to the longest.
func (p *problems) time(place string, d config.Duration) {
	p.unless(0 < d && d <= longest, place, "more than 0s and up to "+longest.String(), d)
}

// check returns everything that is wrong with the options, each with its place
// in the document.
func (o Options) check() error {
	var p problems
	p.routes(o.Routes)
	p.time("timeouts.try", o.Timeouts.Try)
	p.time("timeouts.deadline", o.Timeouts.Deadline)
	p.unless(o.Timeouts.Try <= o.Timeouts.Deadline, "timeouts.try", "at most timeouts.deadline", o.Timeouts.Try)
	p.unless(1 <= o.Retries.Tries && o.Retries.Tries <= 10, "retries.tries", "1 to 10", o.Retries.Tries)
	p.unless(0 < o.Retries.Share && o.Retries.Share < 1, "retries.share", "a share above 0 and below 1", o.Retries.Share)
	p.unless(o.Retries.Floor <= 1000, "retries.floor", "0 to 1000", o.Retries.Floor)
	p.ejection(o.OutlierEjection)
	p.unless(1 <= o.Connections && o.Connections <= 10_000, "connections", "1 to 10000", o.Connections)
	p.guard(o)
	return errors.Join(p...)
}

func (p *problems) routes(all []Route) {
	p.unless(1 <= len(all) && len(all) <= mostRoutes, "routes", fmt.Sprintf("1 to %d", mostRoutes), len(all))
	seen := map[string]bool{}
	for i, r := range all {
		place := fmt.Sprintf("routes[%d]", i)
		p.unless(r.Prefix == "" || strings.HasPrefix(r.Prefix, "/") && !strings.HasSuffix(r.Prefix, "/"),
			place+".prefix", "a path with a slash at its beginning and none at its end", r.Prefix)
		p.unless(!seen[r.Prefix], place+".prefix", "each prefix once", r.Prefix)
		seen[r.Prefix] = true
		p.unless(r.Service != "" && !strings.Contains(r.Service, "/"), place+".service", "a name without a slash", fmt.Sprintf("%q", r.Service))
	}
}

func (p *problems) ejection(e OutlierEjection) {
	p.unless(1 <= e.After && e.After <= 1000, "outlierEjection.after", "1 to 1000", e.After)
	p.unless(1 <= e.ReadmitAfter && e.ReadmitAfter <= 100, "outlierEjection.readmitAfter", "1 to 100", e.ReadmitAfter)
	p.unless(1 <= e.ProbeFailures && e.ProbeFailures <= 100, "outlierEjection.probeFailures", "1 to 100", e.ProbeFailures)
	p.time("outlierEjection.for", e.For)
	p.time("outlierEjection.probeEvery", e.ProbeEvery)
	p.time("outlierEjection.probeLimit", e.ProbeLimit)
}
