package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/platform/controller"
	"github.com/fournines/fournines/stack/platform/process"
)

// meterWindow is how long what replicas use is averaged: Kubernetes' metrics
// are of 15 s, made shorter as the controller's delays are, and long enough for
// some hundred requests.
const meterWindow = 3 * time.Second

// fleetGauge reads what the replicas of a fleet use. Processor time and memory
// are the kernel's own count, by way of the engine: a replica that is too busy
// to answer has them too. Requests are what the replica says itself.
type fleetGauge struct {
	fleet   *docker.Fleet
	choices stack.Choices
	client  *http.Client
}

// Read implements controller.Gauge.
func (g fleetGauge) Read(ctx context.Context, r controller.Replica, metric string) (controller.Reading, error) {
	if metric == controller.RequestsMetric {
		n, err := g.requests(ctx, r)
		return controller.Reading{At: time.Now(), Value: n}, err
	}
	u, err := g.fleet.Usage(ctx, r.Name)
	if err != nil {
		return controller.Reading{}, err
	}
	if metric == controller.CPUMetric {
		return controller.Reading{At: u.At, Value: u.CPU.Seconds() / g.choices.CoresOf(r.Component)}, nil
	}
	if u.MemoryLimit == 0 {
		return controller.Reading{}, fmt.Errorf("memory of %q: want a limit that it is a share of, saw none", r.Name)
	}
	return controller.Reading{At: u.At, Value: float64(u.Memory) / float64(u.MemoryLimit)}, nil
}

// answeredMetric counts the requests that a program of the platform answered.
const answeredMetric = "fournines_http_requests_total"

// requests asks a replica how many requests it has answered.
func (g fleetGauge) requests(ctx context.Context, r controller.Replica) (float64, error) {
	url := strings.TrimSuffix(r.Health, process.ReadyPath) + "/metrics"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	response, err := g.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s answers %s, want 200", url, response.Status)
	}
	return sumOf(answeredMetric, response.Body)
}

// sumOf adds up the series of a metric in Prometheus' text format; one that has
// none yet is 0.
func sumOf(metric string, text io.Reader) (sum float64, err error) {
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), metric)
		if !ok || rest == "" || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		number := rest[strings.LastIndexByte(rest, ' ')+1:]
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", metric, err)
		}
		sum += v
	}
	return sum, lines.Err()
}
