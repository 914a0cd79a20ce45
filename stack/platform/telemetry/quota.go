package telemetry

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// cgroups is where a process in a container finds its own control group.
const cgroups = "/sys/fs/cgroup"

// quotaGauge shows how much of a core a process may use. It is read anew each
// time: a quota can be changed while the process runs. Without a quota there is
// no such metric.
type quotaGauge struct{ root string }

var quotaDesc = prometheus.NewDesc("fournines_cpu_limit_cores",
	"Processor cores that the process may use by the quota of its control group; absent without a quota.", nil, nil)

func (quotaGauge) Describe(out chan<- *prometheus.Desc) { out <- quotaDesc }

func (g quotaGauge) Collect(out chan<- prometheus.Metric) {
	if cores, ok := quota(g.root); ok {
		out <- prometheus.MustNewConstMetric(quotaDesc, prometheus.GaugeValue, cores)
	}
}

// quota reads "QUOTA PERIOD" of cpu.max (control groups of version 2), or the
// files of version 1; false without a quota.
func quota(root string) (cores float64, ok bool) {
	var words []string
	if raw, err := os.ReadFile(filepath.Join(root, "cpu.max")); err == nil {
		words = strings.Fields(string(raw))
	} else {
		for _, file := range []string{"cpu.cfs_quota_us", "cpu.cfs_period_us"} {
			raw, err := os.ReadFile(filepath.Join(root, "cpu", file))
			if err != nil {
				return 0, false
			}
			words = append(words, strings.TrimSpace(string(raw)))
		}
	}
	if len(words) != 2 {
		return 0, false
	}
	quota, err := strconv.ParseFloat(words[0], 64) // "max" and -1 are none
	period, errPeriod := strconv.ParseFloat(words[1], 64)
	if err != nil || errPeriod != nil || quota <= 0 || period <= 0 {
		return 0, false
	}
	return quota / period, true
}
