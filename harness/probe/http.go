package probe

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/fournines/fournines/harness"
)

const (
	// maxBody is how much of an answer is searched for the expected text.
	maxBody = 64 << 10
	// shown is how much of an unexpected body goes into an error.
	shown = 120
)

// httpProbe is a GET and what must come of it.
type httpProbe struct {
	settings
	name   string
	base   func() (string, bool)
	path   string
	want   int
	client *http.Client
}

// HTTP checks that GET url answers with status want, 0 for any of 200 to 299.
// Redirects are not followed. name is the check in words for reports: `GET edge /healthz`.
func HTTP(name, url string, want int, opts ...Option) harness.Probe {
	return HTTPAt(name, func() (string, bool) { return url, true }, "", want, opts...)
}

// HTTPAt is HTTP for a server whose address can change: base is asked for its
// base URL at every check, and path ("/healthz") is put behind it. A server
// that is nowhere (false) fails the check.
func HTTPAt(name string, base func() (string, bool), path string, want int, opts ...Option) harness.Probe {
	s := collect(opts)
	return &httpProbe{
		settings: s, name: name, base: base, path: path, want: want,
		client: &http.Client{
			Transport: s.guard.Transport(s.conns),
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		},
	}
}

func (p *httpProbe) String() string { return p.name }

// Check implements harness.Probe.
func (p *httpProbe) Check(ctx context.Context) error {
	base, ok := p.base()
	if !ok {
		return fmt.Errorf("check %q: expected %s, saw no such server in the stack", p.name, p.wanted())
	}
	url := base + p.path
	if err := p.guard.Check(url); err != nil {
		return fmt.Errorf("check %q: %w", p.name, err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.timeout, fmt.Errorf("no answer within %v", p.timeout))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("check %q: %w", p.name, err)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return fmt.Errorf("check %q: expected %s, saw %w", p.name, p.wanted(), explain(ctx, err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	switch {
	case err != nil:
		return fmt.Errorf("check %q: expected a whole body, saw status %d and %w", p.name, resp.StatusCode, explain(ctx, err))
	case resp.StatusCode != p.want && (p.want != 0 || resp.StatusCode < 200 || resp.StatusCode > 299):
		return fmt.Errorf("check %q: expected %s, saw %d: %s", p.name, p.wanted(), resp.StatusCode, brief(body))
	case !bytes.Contains(body, []byte(p.contains)):
		return fmt.Errorf("check %q: expected a body with %q, saw %s", p.name, p.contains, brief(body))
	}
	return nil
}

// wanted is the status that is expected, in words.
func (p *httpProbe) wanted() string {
	if p.want == 0 {
		return "status 200 to 299"
	}
	return fmt.Sprintf("status %d", p.want)
}

// explain names the timeout where err is nothing but its consequence.
func explain(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("%w: %w", cause, err)
	}
	return err
}

// brief is the start of a body on one line, quoted.
func brief(body []byte) string {
	text := strings.Join(strings.Fields(string(body)), " ")
	if len(text) > shown {
		text = text[:shown] + "…"
	}
	return fmt.Sprintf("%q", text)
}
