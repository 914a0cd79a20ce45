package inproc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/fournines/fournines/stack"
)

// Configuration is the newest document of the replica's program, as data.
func (r *replica) Configuration(context.Context) (map[string]string, error) {
	all := r.documents.Versions(r.component)
	if len(all) == 0 {
		return nil, fmt.Errorf("read the configuration of %q: want a document of %q, saw none", r.name, r.component)
	}
	newest := all[len(all)-1]
	return map[string]string{"document": string(newest.Document), "version": newest.Version}, nil
}

// Publish makes a document the newest of the replica's program.
func (r *replica) Publish(_ context.Context, document string) error {
	r.documents.Put(r.component, []byte(document))
	return nil
}

// Restore makes a document the newest again, if the newest is the one that was
// published in its place.
func (r *replica) Restore(ctx context.Context, kept map[string]string) error {
	now, err := r.Configuration(ctx)
	if err == nil && now["document"] == kept["published"] {
		err = r.Publish(ctx, kept["document"])
	}
	return err
}

// Follows is what the replica says on its admin port.
func (r *replica) Follows(ctx context.Context) (using, refused, away string, err error) {
	s, err := r.configState(ctx)
	return s.Version, s.Refused, s.Away, err
}

func (r *replica) configState(ctx context.Context) (s stack.ConfigState, err error) {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.adminURL()+stack.ConfigPath, nil)
	if err != nil {
		return s, err
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return s, fmt.Errorf("ask for the configuration of %q: %w", r.name, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	if err != nil {
		return s, fmt.Errorf("ask for the configuration of %q: %w", r.name, err)
	}
	return s, nil
}
