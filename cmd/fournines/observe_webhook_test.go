package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// pageNow is a notification of an alert that fires from now on.
func pageNow() []byte {
	return fmt.Appendf(nil, `{"version":"4","status":"firing","receiver":"fournines","alerts":[{"status":"firing",
		"labels":{"alertname":"ShopDown","instance":"shop"},"startsAt":%q,"endsAt":"0001-01-01T00:00:00Z"}]}`,
		time.Now().Add(time.Minute).Format(time.RFC3339Nano))
}

func TestAnObservationTakesAlertsAsSignals(t *testing.T) {
	g := newTarget(t)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	t.Chdir(t.TempDir())
	go func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		for t.Context().Err() == nil { // until somebody listens
			resp, err := client.Post("http://"+addr+"/", "application/json", bytes.NewReader(pageNow()))
			if err == nil {
				resp.Body.Close()
				return
			}
			<-time.After(10 * time.Millisecond)
		}
	}()
	var out, errs strings.Builder
	run(t.Context(), []string{"observe", "--url", g.url(), "--for", "2s", "--rate", "20", "--webhook", addr}, strings.NewReader(""), &out, &errs)
	files, err := filepath.Glob(filepath.Join("reports", "runs", "*", "evidence.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatalf("evidence %v, %v; want one file; stderr:\n%s", files, err, errs.String())
	}
	file, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	trials, err := harness.ReadEvidence(file)
	if err != nil || len(trials) != 1 || len(trials[0].Signals) != 1 {
		t.Fatalf("trials %+v, %v; want one with one signal", trials, err)
	}
	s := trials[0].Signals[0]
	if s.Kind != harness.AlertFiring || s.Source != "alertmanager" || s.Subject != "shop" || s.Detail != "ShopDown" || len(trials[0].Problems) > 0 {
		t.Errorf("signal %+v, problems %v; want the alert and no problem", s, trials[0].Problems)
	}
}
