package fault_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// BenchmarkNetworkFaults is how long each network fault takes from Inject to
// its proof, and from Recover to the proof that it is gone; and how exactly a
// bandwidth is held, as a client outside sees it.
func BenchmarkNetworkFaults(b *testing.B) {
	dockertest.Require(b)
	st, err := docker.Up(b.Context(), docker.Options{RunID: "netbench-" + rand.Text()[:10], NoController: true, Choices: stack.Choices{Components: stack.ForReaders()}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := st.Down(ctx); err != nil {
			b.Error(err)
		}
	})
	cases := []liveCase{
		{"partition", fault.Values{"peers": "etcd"}, []string{"catalog-2"}},
		{"blackhole", nil, []string{"catalog-1"}},
		{"reset-peer", nil, []string{"catalog-2"}},
		{"flap", fault.Values{"peers": "etcd", "period": "1s"}, []string{"catalog-2"}},
		{"node-isolate", nil, []string{"etcd-2", "catalog-2", "gateway-2"}},
		{"scrape-outage", nil, []string{"prometheus"}},
		{"registry-partition", nil, []string{"etcd-3"}},
		{"bandwidth", fault.Values{"rate": "1Mbit"}, []string{"gateway-1"}},
	}
	times := map[string][2]benchmark.Runs{}
	rates := map[string]benchmark.Runs{}
	for b.Loop() {
		for _, c := range cases {
			in, proved := benchInject(b, st, c)
			gone := benchRecover(b, in)
			seen := times[c.action]
			times[c.action] = [2]benchmark.Runs{append(seen[0], proved), append(seen[1], gone)}
			b.Logf("%s: proved after %.0f ms, gone after %.0f ms", c.action, proved, gone)
		}
		if len(rates["1Mbit out"]) < 3 {
			for _, rate := range []string{"1Mbit", "10Mbit"} {
				for _, way := range []string{"out", "in"} {
					in, _ := benchInject(b, st, liveCase{"bandwidth", fault.Values{"rate": rate, "direction": way}, []string{"gateway-1"}})
					rates[rate+" "+way] = append(rates[rate+" "+way], transfer(b, st, way))
					benchRecover(b, in)
				}
			}
		}
	}
	var rows []string
	for _, c := range cases {
		rows = append(rows, benchmark.Network.Row(c.action, fmt.Sprint(len(times[c.action][0])), spread(times[c.action][0]), spread(times[c.action][1])))
	}
	var accuracy []string
	for _, asked := range []string{"1Mbit out", "1Mbit in", "10Mbit out", "10Mbit in"} {
		accuracy = append(accuracy, benchmark.Bandwidth.Row(asked, fmt.Sprint(len(rates[asked])), rates[asked].Text("%.2f", "Mbit/s")))
	}
	if err := benchmark.Network.Print(os.Stdout, rows...); err != nil {
		b.Error(err)
	}
	if err := benchmark.Bandwidth.Print(os.Stdout, accuracy...); err != nil {
		b.Error(err)
	}
}

func benchInject(b *testing.B, st stack.Stack, c liveCase) (interface{ Recover(context.Context) error }, float64) {
	b.Helper()
	bound := fault.Binding{Values: c.values, Lasts: time.Minute}
	for _, component := range st.Components() {
		for _, r := range component.Replicas {
			bound.Replicas = append(bound.Replicas, r)
			if slices.Contains(c.targets, r.Name()) {
				bound.Targets = append(bound.Targets, r)
			}
		}
	}
	f, err := fault.New(c.action, bound)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := f.Prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	in, err := f.Inject(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.Context(), 20*time.Second)
	defer cancel()
	if err := in.Await(ctx); err != nil {
		b.Fatal(err)
	}
	return in, float64(time.Since(began).Microseconds()) / 1000
}

func benchRecover(b *testing.B, in interface{ Recover(context.Context) error }) float64 {
	b.Helper()
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := in.Recover(ctx); err != nil {
		b.Fatal(err)
	}
	return float64(time.Since(began).Microseconds()) / 1000
}

// transfer is the rate in Mbit/s at which a client outside gets pages of a
// gateway, or sends it bodies, over one kept connection.
func transfer(b *testing.B, st stack.Stack, way string) float64 {
	b.Helper()
	url, ok := st.URL("gateway-1")
	if !ok {
		b.Fatal("no endpoint of gateway-1")
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	body := make([]byte, 64<<10)
	total := int64(0)
	began := time.Now()
	for time.Since(began) < 4*time.Second {
		method, sent := http.MethodGet, []byte(nil)
		if way == "in" {
			method, sent = http.MethodPost, body
		}
		request, err := http.NewRequestWithContext(b.Context(), method, url+"/metrics", bytes.NewReader(sent))
		if err != nil {
			b.Fatal(err)
		}
		answer, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if err != nil {
			b.Fatal(err)
		}
		if way == "in" {
			n = int64(len(body))
		}
		total += n
	}
	return float64(total) * 8 / 1e6 / time.Since(began).Seconds()
}

// spread is median and p99 in milliseconds; of fewer than 100 p99 is the
// largest.
func spread(r benchmark.Runs) string {
	return fmt.Sprintf("%.0f / %.0f ms", r.Median(), slices.Max(r))
}
