package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// newCrashPlatform is a site for the faults of what somebody's own service does
// not have: a registry and a monitoring. It is the reference platform, kept, so
// that each run can attach to it.
func newCrashPlatform(t testing.TB) *crashSite {
	t.Helper()
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: fmt.Sprintf("crash-platform-%d", os.Getpid()), Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	edge, _ := st.URL(stack.Edge)
	return &crashSite{t: t, kept: st.RunID(), edge: edge + "/api/catalog/items/1", fingerprints: func(ctx context.Context) (map[string]string, error) {
		return platformFingerprint(ctx, st)
	}}
}

// platformFingerprint is what can be seen of the whole platform from outside.
func platformFingerprint(ctx context.Context, st *docker.Stack) (map[string]string, error) {
	seen := map[string]string{}
	names, err := dockerOutput(ctx, "ps", "--all", "--filter", "label=io.fournines.run="+st.RunID(), "--format", "{{.Names}}")
	if err != nil {
		return seen, err
	}
	for _, name := range strings.Fields(names) {
		if err := engineFingerprint(ctx, name, name+" ", seen); err != nil {
			return seen, err
		}
	}
	edge, _ := st.URL(stack.Edge)
	if seen["the edge"], err = served(edge+"/api/catalog/items/1", st.Authority()); err != nil {
		return seen, err
	}
	roles, err := st.Roles(ctx)
	if err != nil {
		return seen, err
	}
	var led []string
	for _, role := range roles {
		led = append(led, role)
	}
	slices.Sort(led)
	seen["the registry's roles"] = strings.Join(led, " ")
	if seen["registered"], err = registered(ctx, st); err != nil {
		return seen, err
	}
	seen["scraped"], err = scraped(ctx, st)
	return seen, err
}

// registered are the keys of all instances.
func registered(ctx context.Context, st *docker.Stack) (string, error) {
	encode := base64.StdEncoding.EncodeToString
	end := []byte(stack.RegistryRoot)
	end[len(end)-1]++
	ask := fmt.Sprintf(`{"key":%q,"range_end":%q,"keys_only":true}`, encode([]byte(stack.RegistryRoot)), encode(end))
	url, ok := st.URL("etcd-1")
	if !ok {
		return "", errors.New("want a URL of etcd-1")
	}
	var answer struct{ Kvs []struct{ Key []byte } }
	if err := fetched(ctx, http.MethodPost, url+"/v3/kv/range", ask, &answer); err != nil {
		return "", err
	}
	var keys []string
	for _, kv := range answer.Kvs {
		keys = append(keys, string(kv.Key))
	}
	return strings.Join(keys, " "), nil
}

// scraped is how the monitoring finds what it watches.
func scraped(ctx context.Context, st *docker.Stack) (string, error) {
	url, ok := st.URL(stack.Prometheus)
	if !ok {
		return "", errors.New("want a URL of Prometheus")
	}
	var answer struct {
		Data struct {
			ActiveTargets []struct{ ScrapePool, Health string }
		}
	}
	if err := fetched(ctx, http.MethodGet, url+"/api/v1/targets?state=active", "", &answer); err != nil {
		return "", err
	}
	var targets []string
	for _, t := range answer.Data.ActiveTargets {
		targets = append(targets, t.ScrapePool+" "+t.Health)
	}
	slices.Sort(targets)
	return strings.Join(targets, ", "), nil
}

// fetched reads an answer in JSON.
func fetched(ctx context.Context, method, url, body string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, answer.Status, raw)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}
