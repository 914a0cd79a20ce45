package httpfault

import (
	"context"
	"errors"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	// calm is how long connections that were redirected right before the end
	// may take to be accepted.
	calm = 50 * time.Millisecond
	// drain is how long requests that are under way at the end may take.
	drain = 500 * time.Millisecond
)

// proxy stands between clients and the service.
type proxy struct {
	choice  choice
	server  *http.Server
	through *http.Transport

	requests, hits, failed atomic.Int64
}

type contextKey int

const (
	serviceKey contextKey = iota // the address that a client dialled
	ownKey                       // the random numbers of a request that is hit
)

// newProxy makes a proxy for connections that original tells the address of;
// dial reaches the service without being redirected.
func newProxy(s Spec, original func(net.Conn) string, dial func(ctx context.Context, network, address string) (net.Conn, error)) *proxy {
	p := &proxy{choice: choice{spec: s}}
	p.through = &http.Transport{
		DialContext: dial, DisableCompression: true, MaxIdleConnsPerHost: 256, IdleConnTimeout: 10 * time.Second,
	}
	p.server = &http.Server{
		Handler:           p.handler(),
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, serviceKey, original(c))
		},
	}
	return p
}

func (p *proxy) handler() http.Handler {
	pass := &httputil.ReverseProxy{
		Transport:     p.through,
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			service, _ := r.In.Context().Value(serviceKey).(string)
			r.SetURL(&url.URL{Scheme: "http", Host: service})
			r.Out.Host = r.In.Host
			r.Out.URL.RawQuery = r.In.URL.RawQuery
			for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
				if values, ok := r.In.Header[name]; ok {
					r.Out.Header[name] = values
				}
			}
		},
		ModifyResponse: func(resp *http.Response) error {
			own, ok := resp.Request.Context().Value(ownKey).(*rand.Rand)
			if !ok {
				return nil
			}
			spoilt, err := p.choice.spec.spoil(resp, own)
			if spoilt {
				p.hits.Add(1)
			}
			return err
		},
		// What a client would see of a service that is gone.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			p.failed.Add(1)
			cut(w)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests.Add(1)
		own, hit := p.choice.hit(r)
		if !hit {
			pass.ServeHTTP(w, r)
			return
		}
		switch s := p.choice.spec; s.Kind {
		case Delay:
			p.hits.Add(1)
			select {
			case <-r.Context().Done():
				return
			case <-time.After(p.choice.latency(own)):
			}
		case Abort:
			p.hits.Add(1)
			http.Error(w, "refused by a fault of fournines", s.Status)
			return
		case Reset:
			p.hits.Add(1)
			cut(w)
			return
		case Body:
			r = r.WithContext(context.WithValue(r.Context(), ownKey, own))
		}
		pass.ServeHTTP(w, r)
	})
}

// cut resets the connection of a request.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// close lets what is under way end, for a while.
func (p *proxy) close(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-time.After(calm):
	}
	ctx, cancel := context.WithTimeout(ctx, drain)
	defer cancel()
	err := p.server.Shutdown(ctx)
	if err != nil {
		err = p.server.Close()
	}
	p.through.CloseIdleConnections()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
