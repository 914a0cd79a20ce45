package stack

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseAutoscale(t *testing.T) {
	for _, tt := range []struct {
		text      string
		component string
		want      Autoscale
	}{
		{"catalog=cpu:70%", "catalog", Autoscale{Metric: ScaleCPU, Target: 0.7}},
		{"catalog=cpu:70%,min=3,max=6,window=15s", "catalog", Autoscale{Metric: ScaleCPU, Target: 0.7, Min: 3, Max: 6, Window: 15 * time.Second}},
		{"orders=requests:100/s,max=5", "orders", Autoscale{Metric: ScaleRequests, Target: 100, Max: 5}},
		{"catalog=memory:62.5%", "catalog", Autoscale{Metric: ScaleMemory, Target: 0.625}},
	} {
		component, got, err := ParseAutoscale(tt.text)
		if err != nil || component != tt.component || !cmp.Equal(got, tt.want) {
			t.Errorf("ParseAutoscale(%q) = %q, %+v, %v; want %q, %+v", tt.text, component, got, err, tt.component, tt.want)
		}
		if back := got.Text(component); back != tt.text {
			t.Errorf("in words again it is %q, want %q", back, tt.text)
		}
	}
	for _, text := range []string{"", "catalog", "catalog=cpu", "=cpu:70%", "catalog=cpu:70", "catalog=cpu:x%", "catalog=cpu:70%,most=3", "catalog=cpu:70%,min=x", "catalog=cpu:70%,window=3"} {
		if _, _, err := ParseAutoscale(text); err == nil || !strings.Contains(err.Error(), "catalog=cpu:70%,max=6") {
			t.Errorf("ParseAutoscale(%q): %v, want an error that shows the form", text, err)
		}
	}
}

func TestChoicesAboutLoad(t *testing.T) {
	cpu := Autoscale{Metric: ScaleCPU, Target: 0.7}
	scaled := func(component string, a Autoscale) Choices {
		return Choices{Autoscale: map[string]Autoscale{component: a}}
	}
	for _, tt := range []struct {
		rule    string
		choices Choices
		want    string // empty for none
	}{
		{"cpu of the catalog", scaled("catalog", cpu), ""},
		{"more than it starts with", scaled("catalog", Autoscale{Metric: ScaleCPU, Target: 0.7, Min: 4, Max: 8}), ""},
		{"fewer than it starts with", scaled("catalog", Autoscale{Metric: ScaleCPU, Target: 0.7, Min: 2}), "min 2: want 3 or more"},
		{"a largest number below the smallest", scaled("catalog", Autoscale{Metric: ScaleCPU, Target: 0.7, Max: 2}), "max 2: want 3 to 16"},
		{"a component with state", scaled("db", cpu), "want one of catalog, orders"},
		{"a share above all", scaled("catalog", Autoscale{Metric: ScaleCPU, Target: 100}), "target 100: want a share"},
		{"requests in percent", scaled("catalog", Autoscale{Metric: ScaleRequests, Target: 0.7}), "want 1/s or more"},
		{"an unknown metric", scaled("catalog", Autoscale{Metric: "luck", Target: 1}), `metric "luck"`},
		{"nobody to do it", Choices{Autoscale: scaled("catalog", cpu).Autoscale, Without: []string{Controller}}, "want a platform with its controller"},
		{"a tenth of a core", Choices{Cores: map[string]float64{"catalog": 0.1}}, ""},
		{"no processor at all", Choices{Cores: map[string]float64{"catalog": 0}}, "want 0.01 to 64"},
		{"cores of nobody", Choices{Cores: map[string]float64{"shop": 1}}, `cores of "shop"`},
		{"three milliseconds of work", Choices{Work: map[string]time.Duration{"catalog": 3 * time.Millisecond}}, ""},
		{"work of what does none", Choices{Work: map[string]time.Duration{"gateway": time.Millisecond}}, `work of "gateway"`},
		{"work without end", Choices{Work: map[string]time.Duration{"catalog": time.Minute}}, "want 10µs to 1s"},
		{"a client's rate", Choices{ClientRate: 300}, ""},
		{"a client that gets nothing", Choices{ClientRate: 0.5}, "client rate 0.5"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			err := tt.choices.Check()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Check = %v, want %q", err, tt.want)
			}
		})
	}
	all := Choices{Cores: map[string]float64{"catalog": 0.1}, Work: map[string]time.Duration{"catalog": time.Millisecond}, Autoscale: scaled("catalog", cpu).Autoscale, ClientRate: 300}
	if got, want := all.String(), "each catalog on at most 0.1 cores, each request to catalog at least 1ms of work, 3 to 6 catalog by cpu at 70% within 15s, at most 300 requests/s of one client"; got != want {
		t.Errorf("in words: %q, want %q", got, want)
	}
	if all.CoresOf("catalog") != 0.1 || all.CoresOf("gateway") != 1 {
		t.Error("the share of a core is that which was chosen, and a whole one where nothing was")
	}
}
