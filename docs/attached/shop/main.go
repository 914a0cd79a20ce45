// Command shop is somebody's own service, as small as one can be: web servers
// and an edge that sends every request to one of them, and to the next one
// when that does not answer.
//
//	shop web            serves on port 8080
//	shop edge web:8080  serves on port 8080 what the addresses of web answer
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// patience is how long the edge waits for one web server.
const patience = 300 * time.Millisecond

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	switch {
	case len(os.Args) == 2 && os.Args[1] == "web":
		name, _ := os.Hostname() // for people only
		var served atomic.Int64
		mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
			served.Add(1)
			fmt.Fprintln(w, "hello from", name)
		})
		mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, "# TYPE shop_requests_total counter\nshop_requests_total %d\n", served.Load())
		})
	case len(os.Args) == 3 && os.Args[1] == "edge":
		mux.Handle("GET /", newEdge(os.Args[2]))
	default:
		log.Fatalf("usage: shop web | shop edge HOST:PORT; saw %q", os.Args[1:])
	}
	server := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: time.Second}
	go func() {
		<-ctx.Done()
		drain, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = server.Shutdown(drain) // the process ends in any case
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

// edge balances over all addresses of one host name.
type edge struct {
	host, port string
	client     http.Client
	turn       atomic.Uint64
}

func newEdge(upstream string) *edge {
	host, port, err := net.SplitHostPort(upstream)
	if err != nil {
		log.Fatal(err)
	}
	return &edge{host: host, port: port, client: http.Client{Timeout: patience}}
}

func (e *edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	all, err := net.DefaultResolver.LookupHost(r.Context(), e.host)
	turn := e.turn.Add(1)
	for i := range all {
		address := all[(turn+uint64(i))%uint64(len(all))]
		if err = e.pass(w, r, address); err == nil {
			return
		}
	}
	http.Error(w, fmt.Sprintf("no web server answers: %v", err), http.StatusBadGateway)
}

// pass answers with what one web server says; on an error nothing was sent.
func (e *edge) pass(w http.ResponseWriter, r *http.Request, address string) error {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://"+net.JoinHostPort(address, e.port)+r.URL.Path, nil)
	if err != nil {
		return err
	}
	response, err := e.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	w.WriteHeader(response.StatusCode)
	_, _ = w.Write(body) // the client may have gone
	return nil
}
