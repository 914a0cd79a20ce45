package fault

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness"
)

// Presenter is a target that shows its clients a certificate over TLS, and has
// others that it could show.
type Presenter interface {
	observed
	// Presents names the certificate that is set to be shown: "first" or "next",
	// which are good, "expired" or "wrong-host".
	Presents(ctx context.Context) (string, error)
	// Present sets another one to be shown from now on; nothing happens when it
	// is that already.
	Present(ctx context.Context, certificate string) error
	// Shown is the serial number of the certificate that is shown to a client
	// on a new connection, and what is wrong with it for somebody who trusts
	// the stack's authority alone; err is set when nobody was shown one.
	Shown(ctx context.Context) (serial string, wrong, err error)
}

// What is kept of a target whose certificate is changed.
const (
	keptCertificate = "certificate"
	keptSerial      = "serial"
)

// another is the status of a target that shows another certificate than before.
const another = "showing another certificate"

const (
	certificateMethod = "the certificate's file becomes a link to another one that was made with the stack; a gateway reads it at the next handshake, HAProxy is told on its admin socket, without a reload; nginx is reloaded"
	certificateUndone = "the link leads to the certificate from before, and a new connection is shown that one"
)

func certExpired() Kind {
	return Kind{
		Action:  "cert-expired",
		Summary: "have a server show a certificate that has expired",
		Explain: "Each target shows new connections a certificate that was valid until an hour before the stack was started, signed by the right authority for the right names. Connections that are open go on.",
		Method:  certificateMethod, Class: App,
		Proof:   "a client that trusts the stack's authority alone refuses a new connection because the certificate has expired",
		Undone:  certificateUndone,
		Example: "{action: cert-expired, target: {component: gateway, mode: one}, at: 0s, duration: 10s}",
		bind: func(b Binding) (harness.Fault, error) {
			return presentation("cert-expired", b, func(string) string { return "expired" }, func(wrong error) bool {
				var invalid x509.CertificateInvalidError
				return errors.As(wrong, &invalid) && invalid.Reason == x509.Expired
			})
		},
	}
}

func certWrongHost() Kind {
	return Kind{
		Action:  "cert-wrong-host",
		Summary: "have a server show the certificate of another host",
		Explain: "Each target shows new connections a certificate that is valid and signed by the right authority, but for a name that nobody has. Connections that are open go on.",
		Method:  certificateMethod, Class: App,
		Proof:   "a client that trusts the stack's authority alone refuses a new connection because the certificate is for another host",
		Undone:  certificateUndone,
		Example: "{action: cert-wrong-host, target: {component: gateway, mode: one}, at: 0s, duration: 10s}",
		bind: func(b Binding) (harness.Fault, error) {
			return presentation("cert-wrong-host", b, func(string) string { return "wrong-host" }, func(wrong error) bool {
				var host x509.HostnameError
				return errors.As(wrong, &host)
			})
		},
	}
}

func certRotate() Kind {
	return Kind{
		Action:  "cert-rotate",
		Summary: "renew a server's certificate, and renew it again at the end",
		Explain: "Each target shows new connections another certificate that is as good: of the same authority for the same names, with another key. It is what a renewal does, and should cost nothing. Recovery is a second rotation, back to the first one.",
		Method:  certificateMethod, Class: App,
		Proof:   "a client that trusts the stack's authority alone is shown another certificate on a new connection, and accepts it",
		Undone:  certificateUndone,
		Example: "{action: cert-rotate, target: {component: edge, mode: all}, at: 0s, duration: 10s}",
		bind: func(b Binding) (harness.Fault, error) {
			return presentation("cert-rotate", b, func(now string) string {
				if now == "next" {
					return "first"
				}
				return "next"
			}, func(wrong error) bool { return wrong == nil })
		},
	}
}

// presentation has targets show the certificate that choose names, by the one
// that they show now. seen looks at what is wrong with it for a client.
func presentation(action string, b Binding, choose func(now string) string, seen func(wrong error) bool) (harness.Fault, error) {
	all, err := able[Presenter](action, b.Targets)
	if err != nil {
		return nil, err
	}
	return change[Presenter]{
		action: action, targets: all, effect: another, lag: killLag,
		verb: "change the certificate of",
		apply: func(ctx context.Context, t Presenter) error {
			now, err := t.Presents(ctx)
			if err != nil {
				return err
			}
			return t.Present(ctx, choose(now))
		},
		undo:    "present",
		restore: func(ctx context.Context, t Presenter, kept data) error { return t.Present(ctx, kept[keptCertificate]) },
		keep: func(ctx context.Context, t Presenter) (data, error) {
			now, err := t.Presents(ctx)
			if err != nil {
				return nil, err
			}
			serial, wrong, err := t.Shown(ctx)
			if err == nil && wrong != nil {
				err = fmt.Errorf("want a certificate that its clients accept, saw one that they do not: %w", wrong)
			}
			return data{keptCertificate: now, keptSerial: serial}, err
		},
		state: func(ctx context.Context, t Presenter, kept data) (string, error) {
			serial, _, err := t.Shown(ctx)
			if err != nil || serial != kept[keptSerial] {
				return another, err
			}
			return t.Status(ctx)
		},
		happened: func(ctx context.Context, t Presenter, kept data) (bool, error) {
			serial, wrong, err := t.Shown(ctx)
			return err == nil && serial != kept[keptSerial] && seen(wrong), err
		},
		command: byHeal[Presenter],
	}, nil
}
