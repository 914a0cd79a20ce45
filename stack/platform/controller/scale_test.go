package controller

import (
	"math"
	"testing"
	"time"
)

func TestTheFormulaIsThatOfKubernetes(t *testing.T) {
	three := []string{"a", "b", "c"}
	for _, tt := range []struct {
		rule  string
		ready []string
		load  Load
		want  int
	}{
		{"twice the target doubles", three, Load{"a": 1.6, "b": 1.6, "c": 1.6}, 6},
		{"a fraction is rounded up", three, Load{"a": 1, "b": 1, "c": 1}, 4},
		{"the mean counts", three, Load{"a": 2.4, "b": 0.8, "c": 0.8}, 5},
		{"half the target halves, rounded up", three, Load{"a": .4, "b": .4, "c": .4}, 2},
		{"within a tenth nothing changes", three, Load{"a": .87, "b": .87, "c": .87}, 3},
		{"a little more than a tenth does", three, Load{"a": .89, "b": .89, "c": .89}, 4},
		{"never more than the most", three, Load{"a": 9, "b": 9, "c": 9}, 6},
		{"never less than the least", three, Load{"a": .01, "b": .01, "c": .01}, 2},
		{"without any value nothing changes", three, nil, 3},
		{"a value that is no number is none", three, Load{"a": math.NaN(), "b": math.Inf(1)}, 3},
		{"missing values count as idle when more are asked for", three, Load{"a": 1.6, "b": 1.6}, 4},
		{"and nothing changes when the sign turns", three, Load{"a": 1.2}, 3},
		{"missing values count as busy when less are asked for", three, Load{"a": .1, "b": .1}, 2},
		{"one idle replica of three is no reason", three, Load{"a": .6}, 3},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := scaler{scale: Scale{Metric: CPUMetric, Target: .8, Min: 2, Max: 6}, desired: 3}
			s.proposals = []proposal{}
			if got, why := s.decide(time.Unix(0, 0), 3, tt.ready, tt.load); got != tt.want {
				t.Errorf("decide = %d (%s), want %d", got, why, tt.want)
			}
		})
	}
}

func TestReplicasAreRemovedOnlyAfterTheWindow(t *testing.T) {
	s := scaler{scale: Scale{Metric: CPUMetric, Target: .8, Min: 3, Max: 6, Stabilize: 10 * time.Second}}
	ready := []string{"a", "b", "c"}
	at := func(seconds int, value float64) int {
		load := Load{}
		for _, name := range ready {
			load[name] = value
		}
		n, _ := s.decide(time.Unix(int64(seconds), 0), len(ready), ready, load)
		return n
	}
	if got := at(0, 1.6); got != 6 {
		t.Fatalf("desired = %d, want 6", got)
	}
	ready = []string{"a", "b", "c", "d", "e", "f"}
	for second := 1; second <= 10; second++ {
		if got := at(second, .1); got != 6 {
			t.Fatalf("desired = %d after %d s of idling, want 6", got, second)
		}
	}
	if got := at(11, .1); got != 3 {
		t.Errorf("desired = %d after the window, want 3", got)
	}
}

func TestAPeakWithinTheWindowKeepsReplicas(t *testing.T) {
	s := scaler{scale: Scale{Metric: CPUMetric, Target: 1, Min: 1, Max: 9, Stabilize: 10 * time.Second}, desired: 4}
	ready := []string{"a", "b", "c", "d"}
	loads := func(v float64) Load { return Load{"a": v, "b": v, "c": v, "d": v} }
	for second, value := range []float64{.25, .25, .75, .25, .25, .25, .25, .25, .25, .25, .25} {
		s.decide(time.Unix(int64(second), 0), 4, ready, loads(value))
	}
	if s.desired != 4 {
		t.Errorf("desired = %d at the end of the window that began with 4, want 4", s.desired)
	}
	if got, _ := s.decide(time.Unix(12, 0), 4, ready, loads(.25)); got != 3 {
		t.Errorf("desired = %d within 10 s of a proposal of 3, want 3", got)
	}
	if got, _ := s.decide(time.Unix(14, 0), 4, ready, loads(.25)); got != 1 {
		t.Errorf("desired = %d after that, want 1", got)
	}
}

func TestAutoscalingAddsAndRemovesReplicas(t *testing.T) {
	scaled := catalog
	scaled.Scale = &Scale{Metric: CPUMetric, Target: .8, Min: 3, Max: 5, Stabilize: 5 * time.Second}
	w := newWorld(t, scaled)
	busy := func(v float64) {
		load := Load{}
		for _, r := range w.view.Replicas {
			load[r.Name] = v
		}
		w.view.Loads = map[string]Load{"catalog": load}
	}
	busy(.5)
	w.pass(time.Second)
	busy(1)
	if got := w.pass(time.Second); len(got) != 1 || got[0] != "0s place catalog-4 on a" {
		t.Fatalf("decided %q at 125 %% of the target, want one more", got)
	}
	w.view.Loads = nil
	if got := w.pass(20 * time.Second); len(got) > 0 {
		t.Errorf("decided %q while nothing is known, want nothing", got)
	}
	busy(.1)
	if got := w.pass(20 * time.Second); len(got) != 1 || got[0] != "5s remove catalog-4" {
		t.Errorf("decided %q when it is idle, want the one that was added removed after the window", got)
	}
}

func TestANumberIsDecidedOnceInItsTime(t *testing.T) {
	scaled := catalog
	scaled.Scale = &Scale{Metric: RequestsMetric, Target: 100, Min: 3, Max: 9}
	w := newWorld(t, scaled)
	busy := func(v float64) {
		load := Load{}
		for _, r := range w.view.Replicas {
			load[r.Name] = v
		}
		w.view.Loads = map[string]Load{"catalog": load}
	}
	busy(100)
	w.pass(time.Second)
	busy(150)
	w.step()
	busy(150) // the new ones are as busy
	if got := w.pass(950 * time.Millisecond); len(got) > 0 {
		t.Errorf("decided %q within a second of the last change, want nothing", got)
	}
	w.now = w.now.Add(50 * time.Millisecond)
	if got := w.step(); len(got) != 3 {
		t.Errorf("decided %q after it, want three more", got)
	}
	if want := "scaled catalog"; w.told[0] != want {
		t.Errorf("told %q, want %q first", w.told, want)
	}
}

func TestADecisionSaysWhatItWasDecidedBy(t *testing.T) {
	for _, tt := range []struct {
		x    decision
		want string
	}{
		{decision{metric: CPUMetric, value: .923, target: .7, from: 3, to: 4}, "from 3 to 4 replicas: cpu is 92 %, want 70 %"},
		{decision{metric: RequestsMetric, value: 20, target: 100, from: 4, to: 3}, "from 4 to 3 replicas: requests is 20/s, want 100/s"},
	} {
		if got := tt.x.String(); got != tt.want {
			t.Errorf("in words %q, want %q", got, tt.want)
		}
	}
}
