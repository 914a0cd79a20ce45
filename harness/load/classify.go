package load

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
)

// MaxDetail is the most bytes of an event's detail.
const MaxDetail = 200

// generatorErrors are what this machine and not the stack did wrong: out of
// descriptors, ports, memory or permission.
var generatorErrors = []error{
	syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL, syscall.ENOBUFS,
	syscall.ENOMEM, syscall.EACCES, syscall.EPERM,
}

// resets are the ways in which a connection that was there breaks.
var resets = []error{
	syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED,
	io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
}

// Classify says how a request ended that got no whole answer: not-sent when it
// is the generator's own doing, otherwise dns, tls, refused, reset, timeout or
// other. err is not nil.
//
// It looks at error values only, never at an address in an error's text; the
// one exception is net/http's unexported "server closed idle connection".
func Classify(err error) harness.Class {
	var dns *net.DNSError
	switch {
	case isForbidden(err), isAny(err, generatorErrors):
		return harness.NotSent
	case errors.As(err, &dns):
		return harness.DNS
	case isTLS(err):
		return harness.TLS
	case errors.Is(err, syscall.ECONNREFUSED):
		return harness.Refused
	case isTimeout(err):
		return harness.Timeout
	case isAny(err, resets), strings.Contains(err.Error(), "server closed idle connection"):
		return harness.Reset
	}
	return harness.OtherFailure
}

// classifyStatus is the class of an answer with a status that was not wanted.
func classifyStatus(status int) harness.Class {
	switch {
	case status >= 500:
		return harness.HTTP5xx
	case status >= 400:
		return harness.HTTP4xx
	}
	return harness.OtherFailure
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT) ||
		errors.As(err, &timeout) && timeout.Timeout()
}

func isTLS(err error) bool {
	var (
		header    tls.RecordHeaderError
		cert      *tls.CertificateVerificationError
		alert     tls.AlertError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &header) || errors.As(err, &cert) ||
		errors.As(err, &alert) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}

func isAny(err error, of []error) bool {
	return slices.ContainsFunc(of, func(target error) bool { return errors.Is(err, target) })
}

// capped cuts s to MaxDetail bytes at a character's edge, on one line.
func capped(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= MaxDetail {
		return s
	}
	const ellipsis = "…"
	cut := MaxDetail - len(ellipsis)
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + ellipsis
}
