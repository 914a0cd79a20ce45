package config

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// apolloServer speaks the server's side of Apollo's HTTP protocol for one
// namespace.
type apolloServer struct {
	mu         sync.Mutex
	id         int64
	properties map[string]string
	down       bool
	changed    chan struct{}
}

func (s *apolloServer) release(properties map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id++
	s.properties = properties
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *apolloServer) setDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *apolloServer) state() (id int64, properties map[string]string, down bool, changed chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id, s.properties, s.down, s.changed
}

func (s *apolloServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, properties, down, changed := s.state()
	switch {
	case down:
		http.Error(w, "down", http.StatusServiceUnavailable)
	case r.URL.Path == "/configs/shop/default/gateway.json":
		_ = json.NewEncoder(w).Encode(map[string]any{
			"appId": "shop", "cluster": "default", "namespaceName": "gateway.json",
			"configurations": properties, "releaseKey": fmt.Sprintf("release-%d", id),
		})
	case r.URL.Path == "/notifications/v2" && r.FormValue("appId") == "shop" && r.FormValue("cluster") == "default":
		var known []notification
		if err := json.Unmarshal([]byte(r.FormValue("notifications")), &known); err != nil || len(known) != 1 || known[0].Namespace != "gateway.json" {
			http.Error(w, "bad notifications", http.StatusBadRequest)
			return
		}
		if known[0].ID == id {
			select {
			case <-changed:
			case <-r.Context().Done():
				return
			}
			if now, _, down, _ := s.state(); now == id || down {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			id, _, _, _ = s.state()
		}
		_ = json.NewEncoder(w).Encode([]notification{{"gateway.json", id}})
	default:
		http.NotFound(w, r)
	}
}

func TestApollo(t *testing.T) {
	server := &apolloServer{changed: make(chan struct{})}
	server.release(map[string]string{"content": `{"a":1}`})
	srv := httptest.NewServer(server)
	t.Cleanup(srv.Close) // after the source has let go
	source, err := Open("apollo:"+srv.URL+"/shop/default/gateway.json", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	updates := watching(t, source)
	expect := func(document, version string) {
		t.Helper()
		if u := <-updates; string(u.Document) != document || u.Version != version || (u.Err != nil) != (version == "") {
			t.Errorf("got %s %s %v, want %s %s", u.Document, u.Version, u.Err, document, version)
		}
	}
	expect(`{"a":1}`, "release-1")
	server.release(map[string]string{"content": `{"a":2}`})
	expect(`{"a":2}`, "release-2")
	server.release(map[string]string{"limit": "7", "name": "shop", "on": "true"})
	expect(`{"limit":7,"name":"shop","on":true}`, "release-3")
	server.setDown(true)
	expect("", "")
	server.setDown(false)
	expect(`{"limit":7,"name":"shop","on":true}`, "release-3")
}
