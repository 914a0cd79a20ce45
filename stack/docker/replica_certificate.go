package docker

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack/certificate"
)

// errNoCertificate is what replicas without TLS say of their certificates.
var errNoCertificate = errors.New("it shows no certificate")

// certified is an error for a replica that has no certificates.
func (r *replica) certified() error {
	if r.platform == nil || r.platform.authority == nil || len(r.recipe.hosts) == 0 {
		return errNoCertificate
	}
	return nil
}

// Presents names the certificate that is set to be shown; see fault.Presenter.
func (r *replica) Presents(ctx context.Context) (string, error) {
	if err := r.certified(); err != nil {
		return "", r.wrap("look at the certificate of", err)
	}
	found, err := r.engine.api.ContainerStatPath(ctx, r.ID(), client.ContainerStatPathOptions{Path: certificates + "/" + certificate.ServedFile})
	if err != nil {
		return "", r.wrap("look at the certificate of", err)
	}
	// The engine answers with the whole path that the link leads to.
	target := found.Stat.LinkTarget
	return strings.TrimSuffix(target[strings.LastIndex(target, "/")+1:], ".pem"), nil
}

// Present sets another certificate to be shown.
func (r *replica) Present(ctx context.Context, name string) error {
	if err := r.certified(); err != nil {
		return r.wrap("change the certificate of", err)
	}
	return r.wrap("change the certificate of", r.engine.present(ctx, r.ID(), r.Component(), name))
}

// Shown is what a client is shown that makes a connection of its own and
// trusts the run's authority alone.
func (r *replica) Shown(ctx context.Context) (serial string, wrong, err error) {
	if err := r.certified(); err != nil {
		return "", nil, r.wrap("look at the certificate of", err)
	}
	roots, err := certificate.Roots(r.platform.authority)
	if err != nil {
		return "", nil, err
	}
	c, err := r.engine.inspect(ctx, r.ID())
	if err != nil {
		return "", nil, r.wrap("inspect", err)
	}
	address, ok := publishedPorts(c)[r.recipe.secure]
	if !ok {
		return "", nil, r.wrap("look at the certificate of", fmt.Errorf("want port %d published, saw it is not", r.recipe.secure))
	}
	serial, wrong, err = shown(ctx, address, &tls.Config{RootCAs: roots, ServerName: r.recipe.hosts[0]})
	return serial, wrong, r.wrap("look at the certificate of", err)
}

// shown dials an address and tells the certificate that it shows from what is
// wrong with it.
func shown(ctx context.Context, address string, config *tls.Config) (serial string, wrong, err error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	plain, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return "", nil, err
	}
	defer plain.Close()
	conn := tls.Client(plain, config)
	err = conn.HandshakeContext(ctx)
	if refused, ok := errors.AsType[*tls.CertificateVerificationError](err); ok && len(refused.UnverifiedCertificates) > 0 {
		return refused.UnverifiedCertificates[0].SerialNumber.Text(16), refused.Err, nil
	}
	if err != nil {
		return "", nil, err
	}
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Text(16), nil, nil
}

// present makes another certificate the one that is served, and tells who does
// not look by itself.
func (e *engine) present(ctx context.Context, id, component, name string) error {
	if !slices.Contains(certificate.Variants(), name+".pem") {
		return fmt.Errorf("present certificate %q: want one of %v", name, certificate.Variants())
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	if err := linkServed(w, name+".pem"); err != nil {
		return err
	}
	if err := copyArchive(ctx, e.api, id, w, &archive); err != nil {
		return err
	}
	if component != "edge" {
		return nil
	}
	return e.balancer(ctx, id, "certificate")
}

// undoPresent has a container show the certificate again that it showed before.
// One that has ended shows it when it is started.
func undoPresent(ctx context.Context, e *engine, c container.InspectResponse, s UndoStep) error {
	component := ""
	if c.State.Running {
		component = c.Config.Labels[labelComponent]
	}
	return e.present(ctx, c.ID, component, s.Args["certificate"])
}
