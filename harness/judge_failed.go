package harness

import (
	"fmt"
	"time"
)

// failedClause starts the sentence about the requests of all Baselines:
// "Without a fault 3 of 3,000 requests (0.1 %) failed". What happened to an
// endpoint that is only observed nobody here knows, but when and for how long
// it was gone: "3 of 3,000 requests (0.1 %) failed in 2 outages, the longest
// 1.2 s".
func failedClause(s Scenario, c counts, sound []judged) string {
	if s.Load.URL == "" || len(s.Faults) > 0 {
		return fmt.Sprintf("Without a fault %s failed", c)
	}
	return fmt.Sprintf("%s failed%s", c, outagesClause(sound))
}

// outagesClause is " in 2 outages, the longest 1.2 s", or empty.
func outagesClause(sound []judged) string {
	n := 0
	var worst time.Duration
	for _, t := range sound {
		n += len(t.m.Outages)
		for _, o := range t.m.Outages {
			worst = max(worst, o.Length())
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return " in one outage of " + formatDuration(worst)
	}
	return fmt.Sprintf(" in %s, the longest %s", plural(n, "outage"), formatDuration(worst))
}
