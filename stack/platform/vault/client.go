package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

var (
	// ErrNothing means that the backup answers and knows of no database.
	ErrNothing = errors.New("the backup holds nothing")
	// ErrMissing means that the backup answers and has no such file.
	ErrMissing = errors.New("the backup has no such file")
	// ErrConflict means that what the backup has forbids what was asked.
	ErrConflict = errors.New("refused by the backup")
)

// Client is the database's side.
type Client struct {
	// Admin is the base URL of the backup's admin port: "http://backup:9090".
	Admin string
	// Daemon is the rsync daemon's host:port.
	Daemon string
	// Password is the secret that PasswordVariable hands over.
	Password string
}

// Plan asks what the database is restored from; ErrNothing when there never
// was a database.
func (c Client) Plan(ctx context.Context) (Plan, error) {
	var p Plan
	body, err := c.call(ctx, http.MethodGet, "/restore", nil)
	if err != nil {
		return p, fmt.Errorf("ask the backup what there is to restore: %w", err)
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(&p); err != nil {
		return p, fmt.Errorf("read the backup's answer: %w", err)
	}
	return p, nil
}

// Report says how a restore ended: whole is false when the base was not what
// its manifest says.
func (c Client) Report(ctx context.Context, r Restored) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	body, err := c.call(ctx, http.MethodPost, "/restored", bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("tell the backup of a restore: %w", err)
	}
	return body.Close()
}

// Restored is how a restore ended.
type Restored struct {
	Label string `json:"label"`
	// Damaged says what is wrong with the base; empty when it was whole.
	Damaged string `json:"damaged,omitempty"`
	// Reached is how far the log went.
	Reached LSN `json:"reached"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
}

// Log returns a file of the log; ErrMissing when the backup has none of that
// name. The caller closes it.
func (c Client) Log(ctx context.Context, name string) (io.ReadCloser, error) {
	body, err := c.call(ctx, http.MethodGet, "/wal/"+url.PathEscape(name), nil)
	if err != nil {
		return nil, fmt.Errorf("fetch %q from the backup: %w", name, err)
	}
	return body, nil
}

// Confirm returns nil once a file of the log that was sent is safe in the
// archive, with the sum that it should have.
func (c Client) Confirm(ctx context.Context, name, sum string) error {
	body, err := c.call(ctx, http.MethodPost, "/wal/"+url.PathEscape(name)+"?sha256="+sum, nil)
	if err != nil {
		return fmt.Errorf("have the backup confirm %q: %w", name, err)
	}
	return body.Close()
}

func (c Client) call(ctx context.Context, method, path string, body io.Reader) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.Admin+path, body)
	if err != nil {
		return nil, err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK {
		return response.Body, nil
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	err = errors.Join(err, response.Body.Close())
	said := fmt.Errorf("want status 200, saw %d: %s", response.StatusCode, strings.TrimSpace(string(text)))
	switch response.StatusCode {
	case http.StatusNotFound:
		if path == "/restore" {
			return nil, errors.Join(ErrNothing, err)
		}
		return nil, errors.Join(ErrMissing, err)
	case http.StatusConflict:
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrConflict, said), err)
	}
	return nil, errors.Join(said, err)
}
