package loopback

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		rule  string
		guard Guard
		url   string
		// want is a part of the error; empty means that the URL passes.
		want string
	}{
		{"an IPv4 loopback address passes", Guard{}, "http://127.0.0.1:8080/x", ""},
		{"every address of 127/8 passes", Guard{}, "http://127.9.9.9/", ""},
		{"the IPv6 loopback address passes", Guard{}, "https://[::1]:8080/x", ""},
		{"localhost passes", Guard{}, "http://LocalHost:1/", ""},
		{"another address is refused", Guard{}, "http://192.0.2.1/", "not allowed"},
		{"the unspecified address is refused", Guard{}, "http://0.0.0.0/", "not allowed"},
		{"a name is refused", Guard{}, "http://shop.example/", `"shop.example"`},
		{"a name that only looks like loopback is refused", Guard{}, "http://127.0.0.1.example/", "not allowed"},
		{"an allowed name passes", Allowing("Shop.example"), "http://shop.EXAMPLE:80/", ""},
		{"a name beside an allowed one is refused", Allowing("shop.example"), "http://pay.example/", "not allowed"},
		{"user information does not hide the host", Guard{}, "http://127.0.0.1@shop.example/", "not allowed"},
		{"another scheme is refused", Guard{}, "ftp://127.0.0.1/", "http or https"},
		{"a URL without a host is refused", Guard{}, "http:///x", "no host"},
		{"something that is no URL is refused", Guard{}, "http://%zz", "parse URL"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			err := test.guard.Check(test.url)
			if test.want == "" {
				if err != nil {
					t.Fatalf("Check(%q) = %v, want nil", test.url, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("Check(%q) = %v, want an error with %q", test.url, err, test.want)
			}
		})
	}
}

func TestDialContext(t *testing.T) {
	t.Run("an address that was not allowed is never dialled", func(t *testing.T) {
		conn, err := Guard{}.DialContext(t.Context(), "tcp", "192.0.2.1:80")
		if conn != nil || !errors.Is(err, ErrNotAllowed) {
			t.Fatalf("DialContext = %v, %v; want ErrNotAllowed", conn, err)
		}
	})
	t.Run("localhost is held to its word, a host allowed by name is not", func(t *testing.T) {
		g := Allowing("shop.example")
		if g.dialer("localhost").Control == nil {
			t.Error("localhost is dialled wherever it resolves to")
		}
		if g.dialer("shop.example").Control != nil {
			t.Error("an allowed host must be on this machine")
		}
	})
	t.Run("a resolved address off this machine is refused at the socket", func(t *testing.T) {
		err := onlyLoopback("tcp4", "192.0.2.1:80", nil)
		if !errors.Is(err, ErrNotAllowed) {
			t.Fatalf("onlyLoopback = %v, want ErrNotAllowed", err)
		}
		if err := onlyLoopback("tcp6", net.JoinHostPort("::1", "80"), nil); err != nil {
			t.Fatalf("onlyLoopback(::1) = %v, want nil", err)
		}
	})
}

func TestTransport(t *testing.T) {
	opened := make(chan struct{}, 16)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened <- struct{}{}
		}
	}
	srv.Start()
	defer srv.Close()

	for _, test := range []struct {
		rule        string
		conns, want int
	}{
		{"with connections to keep, requests share one", 1, 1},
		{"without connections to keep, every request opens its own", 0, 3},
	} {
		t.Run(test.rule, func(t *testing.T) {
			tr := Guard{}.Transport(test.conns)
			defer tr.CloseIdleConnections()
			for range 3 {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := tr.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
			}
			got := 0
			for len(opened) > 0 {
				<-opened
				got++
			}
			if got != test.want {
				t.Fatalf("3 requests opened %d connections, want %d", got, test.want)
			}
		})
	}
}
