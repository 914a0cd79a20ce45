package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
)

// Words that a lever's page may say. Anything else is not readable.
const leverStop = "stop"

var leverGo = []string{"go", "ok", "run"}

// maxLever bounds what is read of a lever's page.
const maxLever = 1 << 10

// fileLever is pulled by making a file.
type fileLever struct{ path string }

// FileLever is a safety lever (harness.WithLevers) that is pulled when a file
// exists at path, whatever it is. It cannot be read where its folder cannot.
func FileLever(path string) harness.Probe { return fileLever{path} }

func (l fileLever) String() string { return fmt.Sprintf("file %q", l.path) }

// Check implements harness.Probe.
func (l fileLever) Check(context.Context) error {
	_, err := os.Lstat(l.path)
	switch {
	case err == nil:
		return errors.New("it is pulled: the file is there")
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("it cannot be read, which counts as pulled: %w", err)
	}
	// A folder that is gone, such as one of a share, hides the file.
	if folder, err := os.Stat(filepath.Dir(l.path)); err != nil {
		return fmt.Errorf("it cannot be read, which counts as pulled: want its folder to exist: %w", err)
	} else if !folder.IsDir() {
		return fmt.Errorf("it cannot be read, which counts as pulled: %q is no folder", filepath.Dir(l.path))
	}
	return nil
}

// urlLever is pulled by a page that says so.
type urlLever struct {
	settings
	url    string
	client *http.Client
}

// URLLever is a safety lever (harness.WithLevers) that is read from a page: its
// answer is 200 to 299 with the word "go" (or "ok", or "run") to go on, or
// "stop". Any other answer, or none, counts as pulled: nobody can tell then.
// Redirects are not followed.
func URLLever(url string, opts ...Option) (harness.Probe, error) {
	s := collect(opts)
	if err := s.guard.Check(url); err != nil {
		return nil, err
	}
	return urlLever{settings: s, url: url, client: &http.Client{
		Transport:     s.guard.Transport(s.conns),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (l urlLever) String() string { return l.url }

// Check implements harness.Probe.
func (l urlLever) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, l.timeout, fmt.Errorf("no answer within %v", l.timeout))
	defer cancel()
	word, err := l.read(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("it cannot be read, which counts as pulled: %w", err)
	case word == leverStop:
		return errors.New("it is pulled: the page says stop")
	case !slices.Contains(leverGo, word):
		return fmt.Errorf("it cannot be read, which counts as pulled: want a page that says %q or %q, saw %s", leverGo[0], leverStop, brief([]byte(word)))
	}
	return nil
}

// read is what the page says, in lower case and without space around it.
func (l urlLever) read(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url, nil)
	if err != nil {
		return "", err
	}
	response, err := l.client.Do(request)
	if err != nil {
		return "", explain(ctx, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxLever))
	switch {
	case err != nil:
		return "", explain(ctx, err)
	case response.StatusCode < 200 || response.StatusCode > 299:
		return "", fmt.Errorf("want status 200 to 299, saw %d: %s", response.StatusCode, brief(body))
	}
	return strings.ToLower(strings.TrimSpace(string(body))), nil
}
