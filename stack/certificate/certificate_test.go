package certificate

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestFiles serves every variant to a client that trusts the authority alone.
func TestFiles(t *testing.T) {
	authority, err := NewAuthority("test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	files, err := authority.Files([]string{"gateway-1", "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := NewAuthority("stranger", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		rule, file, name string
		trusted          []byte
		want             func(error) bool
	}{
		{"the first one is good for its name", First, "gateway-1", authority.PEM(), isNil},
		{"the first one is good for its address", First, "127.0.0.1", authority.PEM(), isNil},
		{"the next one is as good", Next, "gateway-1", authority.PEM(), isNil},
		{"nobody is it for another name", First, "gateway-2", authority.PEM(), is[x509.HostnameError]},
		{"an expired one is refused as such", Expired, "gateway-1", authority.PEM(), func(err error) bool {
			var invalid x509.CertificateInvalidError
			return errors.As(err, &invalid) && invalid.Reason == x509.Expired
		}},
		{"one of another host is refused as such", WrongHost, "127.0.0.1", authority.PEM(), is[x509.HostnameError]},
		{"another run's authority is not trusted", First, "gateway-1", stranger.PEM(), is[x509.UnknownAuthorityError]},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			roots, err := Roots(test.trusted)
			if err != nil {
				t.Fatal(err)
			}
			if err := ask(t, files[test.file], &tls.Config{RootCAs: roots, ServerName: test.name}); !test.want(err) {
				t.Fatalf("asked as %q: %v", test.name, err)
			}
		})
	}
	t.Run("no file holds the authority's key", func(t *testing.T) {
		secret, err := x509.MarshalPKCS8PrivateKey(authority.key)
		if err != nil {
			t.Fatal(err)
		}
		for name, content := range files {
			if bytes.Contains(content, encode("PRIVATE KEY", secret)) {
				t.Errorf("%s holds it", name)
			}
		}
		if bytes.Contains(files[AuthorityFile], []byte("PRIVATE KEY")) {
			t.Errorf("%s holds a private key", AuthorityFile)
		}
	})
	t.Run("no two variants share a key", func(t *testing.T) {
		seen := map[string]string{}
		for _, variant := range Variants() {
			if other, ok := seen[string(files[variant])]; ok {
				t.Errorf("%s is %s", variant, other)
			}
			seen[string(files[variant])] = variant
		}
	})
}

func TestIssueWantsAHost(t *testing.T) {
	authority, err := NewAuthority("test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := authority.Issue(nil, time.Now(), time.Now().Add(time.Hour)); err == nil {
		t.Fatal("a certificate for nobody was issued")
	}
}

func TestRootsWantsACertificate(t *testing.T) {
	if _, err := Roots([]byte("nothing")); err == nil {
		t.Fatal("roots of nothing")
	}
}

func isNil(err error) bool { return err == nil }

func is[T error](err error) bool {
	var want T
	return errors.As(err, &want)
}

// ask fetches a page of a server that shows the certificate.
func ask(t *testing.T, pem []byte, client *tls.Config) error {
	t.Helper()
	pair, err := tls.X509KeyPair(pem, pem)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	srv.StartTLS()
	defer srv.Close()
	conn, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", port(t, srv)), client)
	if err != nil {
		return err
	}
	return conn.Close()
}

func port(t *testing.T, srv *httptest.Server) string {
	t.Helper()
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
