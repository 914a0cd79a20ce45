package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"

	"github.com/fournines/fournines/harness/loopback"
)

// checkURL says what is wrong with the URL to observe; allowed are the hosts
// besides this machine that requests may go to.
func checkURL(raw string, allowed []string) error {
	if raw == "" {
		return errors.New("--url is missing: want the endpoint to observe, such as --url http://127.0.0.1:8080/healthz")
	}
	return checkFlagURL("url", raw, "http://127.0.0.1:8080/healthz", allowed)
}

// checkFlagURL says what is wrong with a URL that a flag names.
func checkFlagURL(flag, raw, example string, allowed []string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return fmt.Errorf("--%s %q: want a URL such as %s: %w", flag, raw, example, err)
	case strings.ContainsFunc(raw, unicode.IsSpace):
		return fmt.Errorf("--%s %q: want a URL without spaces", flag, raw)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("--%s %q: want a URL with the scheme http or https", flag, raw)
	case u.Hostname() == "":
		return fmt.Errorf("--%s %q: want a host, such as %s", flag, raw, example)
	case u.User != nil:
		return fmt.Errorf("--%s %q: want no user name and password in it: it is written into every report", flag, u.Redacted())
	}
	err = loopback.Allowing(allowed...).Check(raw)
	if errors.Is(err, loopback.ErrNotAllowed) {
		return fmt.Errorf("--%s %q: requests go to this machine only unless its host is allowed: add --allow-host %s if you may send requests to it", flag, raw, u.Hostname())
	}
	return err
}

// checkAllowedHost demands the host alone: a pattern, a port or a URL would
// never match.
func checkAllowedHost(host string) error {
	if net.ParseIP(host) != nil {
		return nil
	}
	if host == "" || strings.ContainsAny(host, ":/*?@") || strings.ContainsFunc(host, unicode.IsSpace) {
		return fmt.Errorf("--allow-host %q: want a host name or an IP address, without scheme, port and pattern", host)
	}
	return nil
}
