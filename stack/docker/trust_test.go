package docker_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"testing"

	"github.com/fournines/fournines/stack/docker"
)

// roots are the authorities of the stacks that this binary's tests brought up;
// http.DefaultClient trusts them and nobody else.
var roots = x509.NewCertPool()

// trust makes http.DefaultClient trust the authority of st. Call it before the
// first request to st.
func trust(t testing.TB, st *docker.Stack) {
	t.Helper()
	if st.Authority() == nil {
		return
	}
	if !roots.AppendCertsFromPEM(st.Authority()) {
		t.Fatalf("the stack's authority is no certificate: %s", st.Authority())
	}
	http.DefaultTransport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}
}
