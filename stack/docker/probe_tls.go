package docker

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"

	"github.com/fournines/fournines/stack/certificate"
)

// expectServed fetches a page of the edge that must answer 200, as a client
// does that trusts the run's authority alone.
func (s *Stack) expectServed(ctx context.Context, url string) ([]byte, error) {
	if s.authority == nil {
		return expectOK(ctx, url)
	}
	roots, err := certificate.Roots(s.authority)
	if err != nil {
		return nil, err
	}
	status, body, err := fetchOver(ctx, url, &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots}})
	if err != nil {
		return nil, fmt.Errorf("expected status 200: %w", err)
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("expected status 200 from %s, got %d: %s", url, status, firstLine(body))
	}
	return body, nil
}
