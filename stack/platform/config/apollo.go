package config

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// apolloHold is how long Apollo's server holds a long poll before it
	// answers that nothing changed: its documented 60 s, and what the network
	// adds.
	apolloHold = 70 * time.Second
	// apolloLimit bounds a fetch.
	apolloLimit = 5 * time.Second
	// apolloPause is the pause after something that did not work.
	apolloPause = time.Second
	// apolloFirst is the notification ID of a client that knows nothing yet.
	apolloFirst = -1
)

// apollo speaks the HTTP protocol of the Apollo configuration centre: a fetch
// of a namespace, and a long poll that tells of changes. A namespace with the
// format JSON or text is its member "content"; one with properties is the JSON
// object of them, with every value that is JSON itself taken as such.
type apollo struct {
	base                    string
	app, cluster, namespace string
	client                  *http.Client
}

func newApollo(u *url.URL) (Source, error) {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) != 3 || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || parts[0] == "" {
		return nil, fmt.Errorf("open configuration %q: want apollo:http://HOST/APP/CLUSTER/NAMESPACE", "apollo:"+u.String())
	}
	return apollo{base: u.Scheme + "://" + u.Host, app: parts[0], cluster: parts[1], namespace: parts[2], client: &http.Client{}}, nil
}

func (a apollo) String() string {
	return fmt.Sprintf("Apollo namespace %q of %q, cluster %q, at %s", a.namespace, a.app, a.cluster, a.base)
}

// Watch implements Source.
func (a apollo) Watch(ctx context.Context, emit func(Update)) error {
	defer a.client.CloseIdleConnections()
	notified := int64(apolloFirst)
	said, away := "", false
	for ctx.Err() == nil {
		next, err := a.changed(ctx, notified)
		if err == nil && next != notified {
			var u Update
			if u, err = a.fetch(ctx); err == nil {
				notified = next
				if away || u.Version != said {
					said, away = u.Version, false
					emit(u)
				}
			}
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		if !away {
			away = true
			emit(Update{Err: err})
		}
		notified = apolloFirst // once it is back, ask for what it has at once
		select {
		case <-time.After(apolloPause):
		case <-ctx.Done():
		}
	}
	return nil
}

// notification is one entry of the long poll, in both directions.
type notification struct {
	Namespace string `json:"namespaceName"`
	ID        int64  `json:"notificationId"`
}

// changed waits until the namespace has another notification ID than known,
// and returns it; known again when the server had nothing to tell.
func (a apollo) changed(ctx context.Context, known int64) (int64, error) {
	ask, err := json.Marshal([]notification{{a.namespace, known}})
	if err != nil {
		return known, err
	}
	query := url.Values{"appId": {a.app}, "cluster": {a.cluster}, "notifications": {string(ask)}}
	var told []notification
	found, err := a.get(ctx, apolloHold, "/notifications/v2?"+query.Encode(), &told)
	if err != nil || !found {
		return known, err
	}
	for _, n := range told {
		if n.Namespace == a.namespace {
			return n.ID, nil
		}
	}
	return known, fmt.Errorf("ask %s for changes: want a notification about it, saw %v", a, told)
}

// fetch reads the namespace.
func (a apollo) fetch(ctx context.Context) (Update, error) {
	path := "/configs/" + url.PathEscape(a.app) + "/" + url.PathEscape(a.cluster) + "/" + url.PathEscape(a.namespace)
	var answer struct {
		Configurations map[string]string `json:"configurations"`
		ReleaseKey     string            `json:"releaseKey"`
	}
	found, err := a.get(ctx, apolloLimit, path, &answer)
	switch {
	case err != nil:
		return Update{}, err
	case !found, answer.ReleaseKey == "":
		return Update{}, fmt.Errorf("fetch %s: want a release, saw none", a)
	}
	document, err := documentOf(answer.Configurations)
	return Update{Document: document, Version: answer.ReleaseKey}, err
}

// documentOf makes a document of a namespace's properties.
func documentOf(properties map[string]string) ([]byte, error) {
	if content, ok := properties["content"]; ok && len(properties) == 1 {
		return []byte(content), nil
	}
	whole := map[string]json.RawMessage{}
	for name, text := range properties {
		if raw := json.RawMessage(text); json.Valid(raw) {
			whole[name] = raw
			continue
		}
		raw, err := json.Marshal(text)
		if err != nil {
			return nil, err
		}
		whole[name] = raw
	}
	return json.Marshal(whole)
}

// get reads JSON; false when the server says that nothing changed.
func (a apollo) get(ctx context.Context, limit time.Duration, path string, into any) (found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, nil)
	if err != nil {
		return false, err
	}
	response, err := a.client.Do(request)
	if err != nil {
		return false, fmt.Errorf("ask %s: %w", a, err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, largest+1))
	switch {
	case err != nil:
		return false, fmt.Errorf("ask %s: %w", a, err)
	case response.StatusCode == http.StatusNotModified:
		return false, nil
	case response.StatusCode != http.StatusOK:
		return false, fmt.Errorf("ask %s: want 200 OK, saw %s", a, response.Status)
	case len(raw) > largest:
		return false, errors.New("ask " + a.String() + ": its answer is too large")
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return false, fmt.Errorf("ask %s: read its answer: %w", a, err)
	}
	return true, nil
}
