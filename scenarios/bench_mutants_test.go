package scenarios_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

var benchMutants = flag.String("mutants", "retries=catalog-replica-kill,redispatch=gateway-kill,health-checks=gateway-kill,"+
	"outlier-ejection+hedging=catalog-replica-hang,registry-cache=registry-quorum-loss,controller=database-kill,"+
	"config-validation=bad-config-rollout,rate-limit=overload-spike,autoscale=autoscale-cpu,restore-verify=autoscale-cpu,"+
	"durability=orders-replica-kill,backup=data-loss,wal-archive=data-loss",
	"mutants of BenchmarkMutants, each FEATURE=SCENARIO or FEATURE+FEATURE=SCENARIO, with commas")

// BenchmarkMutants takes one feature after the other away from the whole platform,
// or two where each makes up for the other, and shows what the scenario that needs
// them says then: a harness that passes a mutant proves nothing about the platform.
// One trial each.
func BenchmarkMutants(b *testing.B) {
	dockertest.Require(b)
	for pair := range strings.SplitSeq(*benchMutants, ",") {
		features, name, _ := strings.Cut(pair, "=")
		b.Run(features+"-in-"+name, func(b *testing.B) {
			s := find(b, name)
			if *benchRate > 0 {
				s.Load.Rate = min(s.Load.Rate, *benchRate)
			}
			st := upFor(b, s, strings.Split(features, "+"))
			b.Cleanup(func() { down(b, st) })
			for b.Loop() {
				b.ReportMetric(0, "ns/op") // left out: the length of a trial is planned
				trials := conductAll(b, s, st, 1)
				if len(trials) == 0 {
					b.Skip("no trial was evidence: there is no row")
				}
				v := harness.Judge(s, trials, nil)
				row := benchmark.Mutants.Row("`"+strings.ReplaceAll(features, "+", "`, `")+"`", "`"+name+"`", fmt.Sprintf("%.0f/s", s.Load.Rate), v.Outcome.String(), findings(v))
				if err := benchmark.Mutants.Print(os.Stdout, row); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// findings are the checks that decided, with what was measured.
func findings(v harness.Verdict) string {
	var all []string
	for _, f := range v.Findings {
		if f.Outcome != v.Outcome || f.Outcome == harness.Pass || f.Advisory {
			continue
		}
		text := f.Check
		if f.Measured != "" {
			text += fmt.Sprintf(" %s (%s)", f.Measured, f.Limit)
		}
		all = append(all, text)
	}
	if len(all) == 0 {
		return v.Sentence
	}
	return strings.Join(all, ", ")
}
