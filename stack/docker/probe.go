package docker

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// probeTimeout bounds one check whose caller set no earlier deadline.
const probeTimeout = 2 * time.Second

// fetch gets a page, without following it elsewhere, through a connection of its own, so that an answer says
// something about new clients too. It returns at most 1 MiB of the body.
func fetch(ctx context.Context, url string) (status int, body []byte, err error) {
	return fetchOver(ctx, url, &http.Transport{DisableKeepAlives: true})
}

// fetchOver is fetch through a transport that keeps no connection.
func fetchOver(ctx context.Context, url string, transport *http.Transport) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	client := http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, mebibyte))
	return response.StatusCode, body, err
}

// expectOK fetches a page that must answer 200.
func expectOK(ctx context.Context, url string) ([]byte, error) {
	status, body, err := fetch(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("expected status 200: %w", err)
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("expected status 200 from %s, got %d: %s", url, status, firstLine(body))
	}
	return body, nil
}

func firstLine(body []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	return line
}

// expectHealthy asks an etcd member whether it takes part in a cluster that
// has a leader.
func expectHealthy(ctx context.Context, url string) error {
	body, err := expectOK(ctx, url)
	if err != nil {
		return err
	}
	var answer struct{ Health string }
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("parse answer of %s: %w", url, err)
	}
	if answer.Health != "true" {
		return fmt.Errorf(`expected health "true" from %s, got %q`, url, answer.Health)
	}
	return nil
}
