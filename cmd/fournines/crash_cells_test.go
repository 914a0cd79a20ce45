package main

import (
	"testing"
	"time"

	"github.com/fournines/fournines/harness/fault"
)

// crashCell says how one kind is injected where a run dies under it.
type crashCell struct {
	// platform is true for what needs the reference platform; others hit
	// somebody's own service.
	platform bool
	// targets are replicas; "leader" is whichever leads the registry. None is
	// crashTarget.
	targets []string
	params  map[string]string
	// lasts is the length of the fault; 0 is crashLasts.
	lasts time.Duration
	// rate is that of the requests; 0 is crashRate.
	rate float64
}

const (
	crashLasts = 700 * time.Millisecond
	crashRate  = 20
)

// crashCells are all kinds that have something to undo.
func crashCells() map[string]crashCell {
	type params = map[string]string
	peer := params{"peers": "web-2"}
	return map[string]crashCell{
		"container-kill": {}, "container-stop": {}, "container-pause": {}, "container-restart": {}, "container-remove": {}, "network-disconnect": {},
		"process-kill": {}, "process-pause": {},
		"process-crash-loop": {params: params{"interval": "1s"}, lasts: 3 * time.Second},
		"node-stop":          {}, "node-pause": {}, "node-isolate": {}, "zone-outage": {},
		"partition": {params: peer}, "blackhole": {params: peer}, "reset-peer": {},
		"flap":      {params: params{"peers": "web-2", "period": "1s"}, lasts: 3 * time.Second},
		"bandwidth": {params: params{"rate": "1Mbit"}},
		"delay":     {params: params{"latency": "100ms"}},
		"loss":      {params: params{"percent": "50%"}, lasts: 2 * time.Second},
		"duplicate": {params: params{"percent": "50%"}, lasts: 2 * time.Second},
		"corrupt":   {params: params{"percent": "50%"}, lasts: 2 * time.Second},
		"reorder":   {params: params{"percent": "50%"}, lasts: 2 * time.Second},
		"dns-error": {}, "dns-spoof": {params: params{"name": "web"}},
		"http-delay": {}, "http-abort": {}, "http-body": {},
		// A quota is seen where there is more to do than it allows for.
		"cpu-throttle":         {params: params{"quota": "1%"}, lasts: 2 * time.Second, rate: 300},
		"cpu-hog":              {params: params{"workers": "1", "load": "20%"}},
		"memory-limit":         {params: params{"headroom": "8MiB"}},
		"memory-hog":           {params: params{"size": "16MiB"}},
		"pid-exhaustion":       {},
		"fd-exhaustion":        {},
		"clock-offset":         {params: params{"offset": "2h"}},
		"io-throttle":          {params: params{"path": "/data", "rate": "1MiB"}, lasts: 3 * time.Second},
		"io-stall":             {params: params{"path": "/data"}, lasts: 3 * time.Second},
		"disk-fill":            {params: params{"path": "/small"}},
		"file-corrupt":         {params: params{"path": "/data/precious"}},
		"file-truncate":        {params: params{"path": "/data/precious", "to": "1KiB"}},
		"leader-kill":          {platform: true, targets: []string{"leader"}},
		"quorum-loss":          {platform: true, targets: []string{"etcd-1", "etcd-3"}, lasts: 2 * time.Second},
		"lease-expiry":         {platform: true, targets: []string{"catalog-2"}, lasts: 2 * time.Second},
		"stale-registration":   {platform: true, targets: []string{"catalog-1"}},
		"registry-partition":   {platform: true, targets: []string{"etcd-2"}},
		"watch-lost":           {platform: true, targets: []string{"gateway-1"}},
		"prometheus-kill":      {platform: true, targets: []string{"prometheus"}},
		"scrape-outage":        {platform: true, targets: []string{"prometheus"}},
		"alertmanager-kill":    {platform: true, targets: []string{"alertmanager"}},
		"backup-outage":        {platform: true, targets: []string{"backup"}, lasts: 2 * time.Second},
		"backup-slow":          {platform: true, targets: []string{"backup"}, params: params{"rate": "1Mbit"}, lasts: 2 * time.Second},
		"backup-corrupt":       {platform: true, targets: []string{"backup"}},
		"wal-gap":              {platform: true, targets: []string{"backup"}, lasts: 2 * time.Second},
		"data-corrupt":         {platform: true, targets: []string{"db"}},
		"data-loss":            {platform: true, targets: []string{"db"}, lasts: 10 * time.Second},
		"edge-reload":          {platform: true, targets: []string{"edge"}},
		"lb-weight-skew":       {platform: true, targets: []string{"edge"}, params: params{"server": "gateway-1", "weight": "1"}},
		"cert-expired":         {platform: true, targets: []string{"gateway-2"}},
		"cert-wrong-host":      {platform: true, targets: []string{"gateway-2"}},
		"cert-rotate":          {platform: true, targets: []string{"edge"}},
		"bad-config-rollout":   {platform: true, targets: []string{"gateway-1"}, params: params{"document": "unknown-field"}},
		"rate-limit-too-low":   {platform: true, targets: []string{"gateway-1"}, params: params{"per-second": "10"}, lasts: 2 * time.Second, rate: 100},
		"config-centre-outage": {platform: true, targets: []string{"gateway-1", "gateway-2", "gateway-3"}, lasts: 2 * time.Second},
	}
}

// notCrashed are the kinds that no run can die under, and why.
func notCrashed() map[string]string {
	return map[string]string{
		"node-drain": "no stack of this version has an orchestrator that could drain a node",
	}
}

func TestEveryKindIsInTheCrashMatrixOrSaysWhyNot(t *testing.T) {
	cells, not := crashCells(), notCrashed()
	for _, kind := range fault.Catalogue() {
		_, in := cells[kind.Action]
		_, out := not[kind.Action]
		switch {
		case kind.Targetless && (in || out):
			t.Errorf("%s hits nothing and ends with its process: it is not part of the matrix", kind.Action)
		case !kind.Targetless && in == out:
			t.Errorf("%s: want it in crashCells or, with the reason, in notCrashed; saw it in both or in none", kind.Action)
		}
		if in {
			if err := kind.Check(cells[kind.Action].params); err != nil {
				t.Errorf("%s: %v", kind.Action, err)
			}
		}
		delete(cells, kind.Action)
		delete(not, kind.Action)
	}
	for action := range cells {
		t.Errorf("crashCells has %q, which is no fault", action)
	}
	for action := range not {
		t.Errorf("notCrashed has %q, which is no fault", action)
	}
}
