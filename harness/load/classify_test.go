package load

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/loopback"
)

func TestClassify(t *testing.T) {
	wrapped := func(err error) error {
		return &url.Error{Op: "Get", URL: "http://127.0.0.1", Err: &net.OpError{Op: "read", Net: "tcp", Err: err}}
	}
	errno := func(e syscall.Errno) error { return wrapped(os.NewSyscallError("connect", e)) }
	tests := []struct {
		rule string
		err  error
		want harness.Class
	}{
		{"no listener refuses", errno(syscall.ECONNREFUSED), harness.Refused},
		{"a peer's RST resets", errno(syscall.ECONNRESET), harness.Reset},
		{"writing to a closed peer resets", errno(syscall.EPIPE), harness.Reset},
		{"an aborted connection resets", errno(syscall.ECONNABORTED), harness.Reset},
		{"an end of file instead of an answer resets", wrapped(io.EOF), harness.Reset},
		{"an answer cut in the middle resets", wrapped(io.ErrUnexpectedEOF), harness.Reset},
		{"a kept connection that the server closed resets", errors.New("http: server closed idle connection"), harness.Reset},
		{"a context's deadline is a timeout", wrapped(context.DeadlineExceeded), harness.Timeout},
		{"a socket's deadline is a timeout", wrapped(os.ErrDeadlineExceeded), harness.Timeout},
		{"the kernel's connect timeout is a timeout", errno(syscall.ETIMEDOUT), harness.Timeout},
		{"a name that is not found is dns", wrapped(&net.DNSError{Err: "no such host", IsNotFound: true}), harness.DNS},
		{"a name server that does not answer is dns and not a timeout", wrapped(&net.DNSError{IsTimeout: true}), harness.DNS},
		{"an unknown authority is tls", wrapped(x509.UnknownAuthorityError{}), harness.TLS},
		{"a certificate for another host is tls", wrapped(x509.HostnameError{Certificate: &x509.Certificate{}}), harness.TLS},
		{"an expired certificate is tls", wrapped(x509.CertificateInvalidError{Reason: x509.Expired}), harness.TLS},
		{"an unreachable host is other", errno(syscall.EHOSTUNREACH), harness.OtherFailure},
		{"anything unknown is other", errors.New("strange"), harness.OtherFailure},
		{"our own want of descriptors is the generator's", errno(syscall.EMFILE), harness.NotSent},
		{"our own want of ports is the generator's", errno(syscall.EADDRNOTAVAIL), harness.NotSent},
		{"a refusal of the guard is the generator's", fmt.Errorf("x: %w", loopback.ErrNotAllowed), harness.NotSent},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if got := Classify(test.err); got != test.want {
				t.Errorf("Classify(%v) = %q, want %q", test.err, got, test.want)
			}
		})
	}
}

// rawServer accepts connections on a loopback port and hands them to serve.
func rawServer(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serve(c)
		}
	}()
	return l.Addr().String()
}

// closedPort is the address of a loopback port without a listener.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// readHead takes in a request's head, so that closing does not reset by itself.
func readHead(c net.Conn) {
	buf := make([]byte, 4096)
	for n := 0; !strings.Contains(string(buf[:n]), "\r\n\r\n"); {
		m, err := c.Read(buf[n:])
		if err != nil {
			return
		}
		n += m
	}
}

func TestRealSocketsAreClassified(t *testing.T) {
	handler := func(status int, body string) func(*testing.T) string {
		return func(t *testing.T) string {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				io.WriteString(w, body)
			}))
			t.Cleanup(srv.Close)
			return srv.URL
		}
	}
	raw := func(scheme string, serve func(net.Conn)) func(*testing.T) string {
		return func(t *testing.T) string { return scheme + "://" + rawServer(t, serve) }
	}
	right := func([]byte) error { return nil }
	wrong := func(body []byte) error { return fmt.Errorf("expected a shop, saw %q", body) }

	tests := []struct {
		rule   string
		url    func(*testing.T) string
		check  func([]byte) error
		want   harness.Class
		status int
		detail string
	}{
		{"an answer with status 200", handler(200, "x"), nil, harness.OK, 200, ""},
		{"an answer whose body is right", handler(200, "x"), right, harness.OK, 200, ""},
		{"an answer whose body is wrong", handler(200, "a circus"), wrong, harness.WrongBody, 200, `saw "a circus"`},
		{"an error of the server", handler(503, "no endpoint left"), right, harness.HTTP5xx, 503, "503 Service Unavailable: no endpoint left"},
		{"an error that blames us", handler(404, "no such item"), nil, harness.HTTP4xx, 404, "no such item"},
		{"a redirect is not followed", handler(302, ""), nil, harness.OtherFailure, 302, "302 Found"},
		{"a port without a listener", func(t *testing.T) string { return "http://" + closedPort(t) }, nil, harness.Refused, 0, "refused"},
		{"a connection that is reset", raw("http", func(c net.Conn) {
			c.(*net.TCPConn).SetLinger(0)
			readHead(c)
			c.Close()
		}), nil, harness.Reset, 0, "reset"},
		{"a connection that is closed without an answer", raw("http", func(c net.Conn) { readHead(c); c.Close() }), nil, harness.Reset, 0, "EOF"},
		{"an answer that ends in the middle", raw("http", func(c net.Conn) {
			readHead(c)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
			c.Close()
		}), nil, harness.Reset, 200, "read body"},
		{"a server that does not answer", raw("http", func(c net.Conn) { go hang(c) }), nil, harness.Timeout, 0, "deadline"},
		{"a body that does not end", raw("http", func(c net.Conn) {
			readHead(c)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
			go hang(c)
		}), nil, harness.Timeout, 200, "read body"},
		{"a plain port that is spoken to in TLS", func(t *testing.T) string {
			return strings.Replace(handler(200, "")(t), "http:", "https:", 1)
		}, nil, harness.TLS, 0, "tls"},
		{"a certificate that nobody signed", func(t *testing.T) string {
			srv := httptest.NewUnstartedServer(nil)
			srv.Config.ErrorLog = quiet()
			srv.StartTLS()
			t.Cleanup(srv.Close)
			return srv.URL
		}, nil, harness.TLS, 0, "certificate"},
		{"something that is not HTTP", raw("http", func(c net.Conn) { readHead(c); io.WriteString(c, "220 smtp\r\n\r\n"); c.Close() }), nil, harness.OtherFailure, 0, "malformed"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			url := test.url(t)
			// Half a second is for those that wait for it; nobody else should
			// be cut off by a machine that is busy.
			timeout := 10 * time.Second
			if test.want == harness.Timeout {
				timeout = 500 * time.Millisecond
			}
			l := open(t, Config{Rate: 1, For: time.Second, Timeout: timeout, Requests: func(uint64) Request {
				return Request{URL: url, Check: test.check}
			}})
			e := run(t, t.Context(), l)[0]
			if e.Class != test.want || e.Status != test.status || !strings.Contains(e.Detail, test.detail) {
				t.Errorf("class %q, status %d, detail %q; want %q, %d and a detail with %q",
					e.Class, e.Status, e.Detail, test.want, test.status, test.detail)
			}
			if (test.want == harness.OK) != (e.Detail == "") {
				t.Errorf("class %q with detail %q", e.Class, e.Detail)
			}
		})
	}
}

func TestNameThatDoesNotResolveIsDNS(t *testing.T) {
	l := open(t, Config{Rate: 1, For: time.Second, AllowHosts: []string{"shop.invalid"}, Requests: func(uint64) Request {
		return Request{URL: "http://shop.invalid/"}
	}})
	x := newExchange(l, time.Now(), func(error) {})
	offline := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no name server")
	}}
	x.transport.DialContext = (&net.Dialer{Resolver: offline}).DialContext
	if e := x.do(0); e.Class != harness.DNS {
		t.Errorf("event %+v, want dns", e)
	}
}

func TestDetailIsCapped(t *testing.T) {
	tests := []struct{ rule, in, want string }{
		{"a short text stays", "a b", "a b"},
		{"lines are joined", "a\n\tb\r\n", "a b"},
		{"bytes that are no text are replaced", "a\xffb", "a\uFFFDb"},
		{"a long text is cut", strings.Repeat("x", 300), strings.Repeat("x", 197) + "…"},
		{"a character is not cut in two", strings.Repeat("é", 150), strings.Repeat("é", 98) + "…"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			got := capped(test.in)
			if got != test.want || len(got) > MaxDetail || !utf8.ValidString(got) {
				t.Errorf("capped = %q (%d bytes), want %q", got, len(got), test.want)
			}
		})
	}
}

func TestLongBodyIsCutOff(t *testing.T) {
	l := start(t, Config{Rate: 1, For: time.Second, MaxBody: 1000}, func(w http.ResponseWriter, _ *http.Request) {
		w.Write(make([]byte, 1<<20))
	})
	url := l.Requests(0).URL
	read := 0
	l.Requests = func(uint64) Request {
		return Request{URL: url, Check: func(body []byte) error { read = len(body); return nil }}
	}
	if e := run(t, t.Context(), l)[0]; e.Class != harness.OK || read != 1000 {
		t.Errorf("event %+v after %d bytes, want ok after 1000", e, read)
	}
}

// hang holds a connection open and silent until its other end closes it.
func hang(c net.Conn) {
	io.Copy(io.Discard, c)
	c.Close()
}
