package stack

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Autoscale says how the number of a component's replicas follows their load.
type Autoscale struct {
	// Metric is one of ScaleMetrics.
	Metric string `json:"metric"`
	// Target is what the mean of the replicas should be: for ScaleCPU and
	// ScaleMemory the share, above 0 and up to 1, of what each may use; for
	// ScaleRequests the requests per second of each, from 1.
	Target float64 `json:"target"`
	// Min and Max bound the number. 0 is the number that the platform is
	// started with for Min, which is never less, and twice Min for Max.
	Min int `json:"min,omitempty"`
	Max int `json:"max,omitempty"`
	// Window is how long fewer have to be enough before any is removed; 0 is
	// DefaultScaleWindow.
	Window time.Duration `json:"windowNs,omitempty"`
}

// What an Autoscale can follow.
const (
	ScaleCPU      = "cpu"
	ScaleMemory   = "memory"
	ScaleRequests = "requests"
)

const (
	// DefaultScaleWindow is Kubernetes' window of 5 min for scaling down, made
	// shorter by the factor by which the controller's other delays are.
	DefaultScaleWindow = 15 * time.Second
	// mostReplicas bounds what one machine is asked for.
	mostReplicas = 16
	// leastCores and mostCores bound Choices.Cores.
	leastCores, mostCores = 0.01, 64
	// leastWork and mostWork bound Choices.Work.
	leastWork, mostWork = 10 * time.Microsecond, time.Second
)

// ScaleMetrics are what Autoscale.Metric may be.
func ScaleMetrics() []string { return []string{ScaleCPU, ScaleMemory, ScaleRequests} }

// Scalable are the components whose number may follow their load: those that
// are found through the registry.
func Scalable() []string { return []string{"catalog", "orders"} }

// Filled is the autoscale of a component with what it leaves out.
func (a Autoscale) Filled(component string) Autoscale {
	a.Min = cmp.Or(a.Min, startedWith(component))
	a.Max = cmp.Or(a.Max, 2*a.Min)
	a.Window = cmp.Or(a.Window, DefaultScaleWindow)
	return a
}

// startedWith is how many replicas the platform starts of a component.
func startedWith(component string) int {
	for _, part := range Reference() {
		if part.Component == component {
			return part.Replicas
		}
	}
	return 0
}

// check returns everything that is wrong with the autoscale of a component.
func (a Autoscale) check(component string) error {
	var problems []error
	unless := func(holds bool, format string, args ...any) {
		if !holds {
			problems = append(problems, fmt.Errorf("autoscale %s: "+format, append([]any{component}, args...)...))
		}
	}
	unless(slices.Contains(Scalable(), component), "want one of %s", strings.Join(Scalable(), ", "))
	unless(slices.Contains(ScaleMetrics(), a.Metric), "metric %q: want one of %s", a.Metric, strings.Join(ScaleMetrics(), ", "))
	if a.Metric == ScaleRequests {
		unless(a.Target >= 1, "target %v: want 1/s or more for each replica", a.Target)
	} else {
		unless(a.Target > 0 && a.Target <= 1, "target %v: want a share above 0%% and up to 100%%", a.Target)
	}
	filled := a.Filled(component)
	unless(filled.Min >= startedWith(component), "min %d: want %d or more, which the platform starts with", a.Min, startedWith(component))
	unless(filled.Max >= filled.Min && filled.Max <= mostReplicas, "max %d: want %d to %d", a.Max, filled.Min, mostReplicas)
	unless(a.Window >= 0, "window %v: want 0s or more", a.Window)
	return errors.Join(problems...)
}

// Text is the autoscale of a component as ParseAutoscale reads it.
func (a Autoscale) Text(component string) string {
	text := component + "=" + a.Metric + ":" + a.TargetText()
	if a.Min > 0 {
		text += fmt.Sprintf(",min=%d", a.Min)
	}
	if a.Max > 0 {
		text += fmt.Sprintf(",max=%d", a.Max)
	}
	if a.Window > 0 {
		text += ",window=" + a.Window.String()
	}
	return text
}

// TargetText is the target with its unit: "70%", "100/s".
func (a Autoscale) TargetText() string {
	if a.Metric == ScaleRequests {
		return strconv.FormatFloat(a.Target, 'g', 10, 64) + "/s"
	}
	return strconv.FormatFloat(100*a.Target, 'g', 10, 64) + "%"
}

// autoscaleForm is what ParseAutoscale reads, for its errors.
const autoscaleForm = "COMPONENT=METRIC:TARGET[,min=N][,max=N][,window=TIME], as in catalog=cpu:70%,max=6 or catalog=requests:100/s"

// ParseAutoscale reads "catalog=cpu:70%,min=3,max=6,window=15s". Whether the
// values make sense is for Choices.Check.
func ParseAutoscale(text string) (component string, a Autoscale, err error) {
	bad := func() (string, Autoscale, error) {
		return "", Autoscale{}, fmt.Errorf("%q: want %s", text, autoscaleForm)
	}
	component, rest, ok := strings.Cut(text, "=")
	words := strings.Split(rest, ",")
	metric, target, hasTarget := strings.Cut(words[0], ":")
	if !ok || component == "" || metric == "" || !hasTarget {
		return bad()
	}
	a.Metric = metric
	if a.Target, ok = parseTarget(target); !ok {
		return bad()
	}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "min":
			a.Min, err = strconv.Atoi(value)
		case "max":
			a.Max, err = strconv.Atoi(value)
		case "window":
			a.Window, err = time.ParseDuration(value)
		default:
			return bad()
		}
		if err != nil {
			return bad()
		}
	}
	return component, a, nil
}

// parseTarget reads "70%" as 0.7 and "100/s" as 100.
func parseTarget(text string) (float64, bool) {
	if share, ok := strings.CutSuffix(text, "%"); ok {
		v, err := strconv.ParseFloat(share, 64)
		return v / 100, err == nil
	}
	each, ok := strings.CutSuffix(text, "/s")
	v, err := strconv.ParseFloat(each, 64)
	return v, ok && err == nil
}

// CoresOf is how much of a processor core each replica of a component may use,
// 1 where there is no limit: what its share is counted of.
func (c Choices) CoresOf(component string) float64 {
	return cmp.Or(c.Cores[component], 1)
}

// checkLoad returns what is wrong with the choices that are about load.
func (c Choices) checkLoad() (problems []error) {
	for _, component := range slices.Sorted(maps.Keys(c.Autoscale)) {
		if err := c.Autoscale[component].check(component); err != nil {
			problems = append(problems, err)
		}
	}
	if len(c.Autoscale) > 0 && !c.Controlled() {
		problems = append(problems, errors.New("autoscale: want a platform with its controller, which does it"))
	}
	for _, component := range slices.Sorted(maps.Keys(c.Cores)) {
		if component == Controller || startedWith(component) == 0 {
			problems = append(problems, fmt.Errorf("cores of %q: want a component in containers", component))
		}
		if cores := c.Cores[component]; !(cores >= leastCores && cores <= mostCores) {
			problems = append(problems, fmt.Errorf("cores of %q: want %v to %v, saw %v", component, leastCores, mostCores, cores))
		}
	}
	for _, component := range slices.Sorted(maps.Keys(c.Work)) {
		if component != "catalog" && component != "orders" {
			problems = append(problems, fmt.Errorf("work of %q: want catalog or orders", component))
		}
		if work := c.Work[component]; work < leastWork || work > mostWork {
			problems = append(problems, fmt.Errorf("work of %q: want %v to %v, saw %v", component, leastWork, mostWork, work))
		}
	}
	if c.ClientRate != 0 && !(c.ClientRate >= 1 && c.ClientRate <= 1_000_000) {
		problems = append(problems, fmt.Errorf("client rate %v: want 1/s to 1000000/s", c.ClientRate))
	}
	return problems
}

// loadTexts says what is chosen about load, in a fixed order.
func (c Choices) loadTexts() (parts []string) {
	for _, component := range slices.Sorted(maps.Keys(c.Cores)) {
		parts = append(parts, fmt.Sprintf("each %s on at most %v cores", component, c.Cores[component]))
	}
	for _, component := range slices.Sorted(maps.Keys(c.Work)) {
		parts = append(parts, fmt.Sprintf("each request to %s at least %v of work", component, c.Work[component]))
	}
	for _, component := range slices.Sorted(maps.Keys(c.Autoscale)) {
		a := c.Autoscale[component].Filled(component)
		parts = append(parts, fmt.Sprintf("%d to %d %s by %s at %s within %s", a.Min, a.Max, component, a.Metric, a.TargetText(), a.Window))
	}
	if c.ClientRate > 0 {
		parts = append(parts, fmt.Sprintf("at most %v requests/s of one client", c.ClientRate))
	}
	return parts
}
