package limit

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
)

// cpuPeriod is the time in which a quota is used up, in microseconds, and
// leastQuota the smallest that the kernel takes.
const (
	cpuPeriod  = 100_000
	leastQuota = 1_000
)

func cpuFiles() []string { return []string{"cpu.max", "cpu.cfs_period_us", "cpu.cfs_quota_us"} }

// CPU caps the processor time of the target: argument "permille" is thousandths of
// one core.
func CPU(args map[string]string) (agent.Effect, error) { return cpu(cgroup.Root, args) }

func cpu(root string, args map[string]string) (agent.Effect, error) {
	permille, err := number(args, "permille")
	if err != nil {
		return nil, err
	}
	g, err := cgroup.Open(root)
	if err != nil {
		return nil, err
	}
	quota := max(leastQuota, permille*cpuPeriod/1000)
	return &limit{
		group: g,
		files: cpuFiles(),
		want: func(g cgroup.Group) ([]setting, error) {
			if had, share := quotaOf(g); had && share*1000 <= float64(permille) {
				return nil, fmt.Errorf("expected a target that may use more than %.3g of a core, saw one that may use %.3g; a smaller quota would take effect", float64(permille)/1000, share)
			}
			if g.V2() {
				return []setting{{"cpu.max", fmt.Sprintf("%d %d", quota, cpuPeriod)}}, nil
			}
			return []setting{{"cpu.cfs_period_us", fmt.Sprint(cpuPeriod)}, {"cpu.cfs_quota_us", fmt.Sprint(quota)}}, nil
		},
		counters: func(g cgroup.Group) map[string]int64 { return count(g, "cpu.stat", "nr_periods", "nr_throttled") },
	}, nil
}

// quotaOf is the share of a core that the group may use; false when all.
func quotaOf(g cgroup.Group) (bool, float64) {
	var quota, period int64
	if g.V2() {
		text, err := g.Read("cpu.max")
		if err != nil || strings.HasPrefix(text, "max") {
			return false, 0
		}
		if _, err := fmt.Sscan(text, &quota, &period); err != nil {
			return false, 0
		}
	} else {
		var errs [2]error
		quota, errs[0] = g.Number("cpu.cfs_quota_us")
		period, errs[1] = g.Number("cpu.cfs_period_us")
		if errs[0] != nil || errs[1] != nil {
			return false, 0
		}
	}
	if quota < 0 || period <= 0 {
		return false, 0
	}
	return true, float64(quota) / float64(period)
}
