package fault_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// shapedPair starts two containers and binds a delay of what comes to one.
func shapedPair(t testing.TB, values fault.Values) (stack.Replica, harness.Fault) {
	t.Helper()
	project := "fournines-shape-" + strings.ToLower(rand.Text()[:8])
	shop := dockertest.NewShop(t, project, 0)
	for i := range 2 {
		shop.RunWith("web", i+1, nil, []string{docker.LabelAllowFaults + "=" + docker.LabelAllowed, docker.LabelReady + "=8080/healthz"}, "web")
	}
	st, err := docker.AttachCompose(t.Context(), project, docker.AttachOptions{AllowFaults: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	r, ok := stack.Find(st, "web-1")
	if !ok {
		t.Fatal("no replica web-1")
	}
	b := fault.Binding{Values: values, Targets: []fault.Target{r}, Lasts: time.Minute, Seed: 1}
	for _, component := range st.Components() {
		for _, r := range component.Replicas {
			b.Replicas = append(b.Replicas, r)
		}
	}
	f, err := fault.New("delay", b)
	if err != nil {
		t.Fatal(err)
	}
	return r, f
}

// take puts the fault into effect.
func take(t testing.TB, f harness.Fault) harness.Injection {
	t.Helper()
	if _, err := f.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	in, err := f.Inject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Recover(context.WithoutCancel(t.Context())) })
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if err := in.Await(ctx); err != nil {
		t.Fatal(err)
	}
	return in
}

// agentOf is the container of the agent beside a replica.
func agentOf(t testing.TB, r stack.Replica) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "docker", "ps", "-q", "--no-trunc", "--filter", "label=io.fournines.agent="+r.ID()).Output()
	id := strings.TrimSpace(string(out))
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("want the command docker, to end an agent behind its back")
	}
	if err != nil || id == "" || strings.Contains(id, "\n") {
		t.Fatalf("agents beside %q: %q, %v", r.Name(), out, err)
	}
	return id
}

func TestTrafficOutlivesAnAgentThatIsKilledOrStopped(t *testing.T) {
	dockertest.Slow(t)
	r, f := shapedPair(t, fault.Values{"latency": "1s"})
	for _, signal := range []string{"KILL", "STOP"} {
		t.Run(signal, func(t *testing.T) {
			in := take(t, f)
			if err := exec.CommandContext(t.Context(), "docker", "kill", "-s", signal, agentOf(t, r)).Run(); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			if signal == "KILL" { // before anybody undoes anything
				// A fresh connection and a request wait twice while it is in effect.
				for quick := false; !quick; {
					short, cancel := context.WithTimeout(ctx, 1900*time.Millisecond)
					quick = r.Ready(short) == nil
					cancel()
					if ctx.Err() != nil {
						t.Fatal("packets are still held")
					}
				}
			} else {
				// Packets are held by an agent that does not run, until its queue
				// is full; a readiness check does not fill it.
				short, cancel := context.WithTimeout(ctx, 3*time.Second)
				if err := r.Ready(short); err == nil {
					t.Error("packets pass an agent that is stopped: want them held")
				}
				cancel()
			}
			began := time.Now()
			if err := in.Recover(ctx); err != nil {
				t.Fatal(err)
			}
			if err := r.Ready(ctx); err != nil {
				t.Error(err)
			}
			t.Logf("%s: recovered in %v", signal, time.Since(began).Round(time.Millisecond))
		})
	}
}

func TestAFaultTellsWhatItCameTo(t *testing.T) {
	r, f := shapedPair(t, fault.Values{"latency": "20ms"})
	in := take(t, f)
	if err := in.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	did, shortfall := in.(harness.Accountable).Account()
	if !strings.Contains(did, fmt.Sprintf("beside %q: ", r.Name())) || strings.Contains(did, ": 0 packets") || shortfall != "" {
		t.Errorf("Account = %q, %q", did, shortfall)
	}
}

// BenchmarkShapeLife is how long a delay of 100 ms takes from Prepare to the
// proof of its removal.
func BenchmarkShapeLife(b *testing.B) {
	_, f := shapedPair(b, fault.Values{"latency": "100ms"})
	var prepare, prove, remove []time.Duration
	n := 0
	for b.Loop() {
		n++
		began := time.Now()
		if _, err := f.Prepare(b.Context()); err != nil {
			b.Fatal(err)
		}
		prepared := time.Now()
		in, err := f.Inject(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		err = in.Await(b.Context())
		proved := time.Now()
		if err := errors.Join(err, in.Recover(b.Context())); err != nil {
			b.Fatal(err)
		}
		prepare, prove, remove = append(prepare, prepared.Sub(began)), append(prove, proved.Sub(prepared)), append(remove, time.Since(proved))
	}
	text := func(all []time.Duration) string {
		slices.Sort(all)
		return fmt.Sprintf("%.0f / %.0f ms", all[len(all)/2].Seconds()*1e3, all[min(len(all)-1, len(all)*99/100)].Seconds()*1e3)
	}
	average, _ := os.ReadFile("/proc/loadavg")
	one, _, _ := strings.Cut(string(average), " ")
	row := benchmark.ShapeLife.Row("delay of 100 ms", fmt.Sprint(n), text(prepare), text(prove), text(remove), one)
	b.ReportMetric(0, "ns/op")
	if err := benchmark.ShapeLife.Print(os.Stdout, row); err != nil {
		b.Fatal(err)
	}
}
