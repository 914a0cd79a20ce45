package telemetry

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Configuration are the metrics of a program that follows a config centre. All
// methods may be called concurrently.
type Configuration struct {
	version, refused, away prometheus.Gauge
	applied                atomic.Int64 // Unix nanoseconds; 0 before the first
}

// NewConfiguration adds the metrics to m; it may be called once for each m.
func NewConfiguration(m *Metrics) *Configuration {
	c := &Configuration{
		version: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "fournines_config_version",
			Help: "Version of the configuration in use as a number: its revision or hash; 0 before the first one. Equal numbers are equal versions.",
		}),
		refused: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "fournines_config_refused",
			Help: "1 while the newest configuration is refused and an older one is in use, else 0.",
		}),
		away: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "fournines_config_away",
			Help: "1 while the config centre cannot be read and the last good configuration stays in use, else 0.",
		}),
	}
	age := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fournines_config_age_seconds",
		Help: "Time since the configuration in use was applied; 0 before the first one.",
	}, c.age)
	m.registry.MustRegister(c.version, c.refused, c.away, age)
	return c
}

func (c *Configuration) age() float64 {
	if at := c.applied.Load(); at != 0 {
		return time.Since(time.Unix(0, at)).Seconds()
	}
	return 0
}

// Set says which version is in use and since when, whether a newer one is
// refused, and whether the config centre is away.
func (c *Configuration) Set(version float64, applied time.Time, refused, away bool) {
	c.version.Set(version)
	c.refused.Set(number(refused))
	c.away.Set(number(away))
	if !applied.IsZero() {
		c.applied.Store(applied.UnixNano())
	}
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
