package observe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/fournines/fournines/harness/loopback"
)

const (
	// askTimeout bounds one question to a source.
	askTimeout = time.Second
	// maxDocument is the most bytes of an answer: 4 MiB.
	maxDocument = 4 << 20
)

// errNowhere means that the stack has no such source at this time.
var errNowhere = errors.New("the stack has no address for it")

// source is a server that documents are fetched from.
type source struct {
	client *http.Client
	// base is asked for the server's base URL at every fetch, because ports
	// can change when a server is restarted.
	base func() (string, bool)
}

// newSource asks on this machine, and on the hosts that are allowed by name.
func newSource(base func() (string, bool), allowHosts ...string) source {
	return source{client: &http.Client{Transport: loopback.Allowing(allowHosts...).Transport(0)}, base: base}
}

// fetch gets the document at path below the source's base URL. Any status but
// 200 is an error; those that say that there will never be such a document
// (4xx except 408 and 429) are useless.
func (s source) fetch(ctx context.Context, path string) ([]byte, error) {
	base, ok := s.base()
	if !ok {
		return nil, errNowhere
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		return nil, useless{err}
	}
	resp, err := s.client.Do(req)
	switch {
	case errors.Is(err, loopback.ErrNotAllowed):
		return nil, useless{err}
	case err != nil:
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", req.URL, err)
	}
	switch code := resp.StatusCode; {
	case code == http.StatusOK && len(body) > maxDocument:
		return nil, useless{fmt.Errorf("get %s: more than %d bytes", req.URL, maxDocument)}
	case code == http.StatusOK:
		return body, nil
	case code >= 400 && code < 500 && code != http.StatusRequestTimeout && code != http.StatusTooManyRequests:
		return nil, useless{fmt.Errorf("get %s: expected status 200, saw %s", req.URL, resp.Status)}
	}
	return nil, fmt.Errorf("get %s: expected status 200, saw %s", req.URL, resp.Status)
}
