package inproc

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
)

// readyLimit bounds one readiness check: a frozen replica never answers.
const readyLimit = time.Second

// Ready asks the replica's admin port through a fresh connection.
func (r *replica) Ready(ctx context.Context) error {
	url := r.adminURL() + process.ReadyPath
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("check readiness of %q: %w", r.name, err)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return fmt.Errorf("check readiness of %q: want GET %s to answer 200: %w", r.name, url, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 512))
		return fmt.Errorf("check readiness of %q: GET %s answered %d, want 200: %s", r.name, url, resp.StatusCode, strings.TrimSpace(string(said)))
	}
	return nil
}

// adminURL and trafficURL are the base URLs of the replica's ports; the
// replica has been started before.
func (r *replica) adminURL() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return "http://" + r.program.admin.Addr().String()
}

func (r *replica) trafficURL() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return "http://" + r.program.traffic.Addr().String()
}
