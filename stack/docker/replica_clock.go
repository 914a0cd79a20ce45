package docker

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/moby/moby/client"
)

// Clock is the wall clock of the replica's process, to the second: the Date of
// an HTTP answer from it.
func (r *replica) Clock(ctx context.Context) (time.Time, error) {
	url, err := r.readyURL(ctx)
	if err != nil {
		return time.Time{}, r.wrap("read the clock of", err)
	}
	now, err := fetchDate(ctx, url)
	return now, r.wrap("read the clock of", err)
}

// readyURL is the page that tells whether the replica is ready.
func (r *replica) readyURL(ctx context.Context) (string, error) {
	if r.published == nil {
		return r.admin + r.recipe.readyPath, nil
	}
	result, err := r.engine.api.ContainerInspect(ctx, r.ID(), client.ContainerInspectOptions{})
	if err != nil {
		return "", err
	}
	ports := publishedPorts(result.Container)
	address, ok := ports[r.published.port]
	if !ok {
		return "", fmt.Errorf("expected a page that answers over HTTP; name it with label %s=PORT/path, and publish the port on a loopback address", LabelReady)
	}
	return "http://" + address + r.published.path, nil
}

// fetchDate reads the header Date of an answer, whatever its status.
func fetchDate(ctx context.Context, url string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
	if err != nil {
		return time.Time{}, err
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return time.Time{}, fmt.Errorf("expected an answer: %w", err)
	}
	defer response.Body.Close()
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return time.Time{}, fmt.Errorf("expected a header Date in the answer of %s: %w", url, err)
	}
	return date, nil
}
