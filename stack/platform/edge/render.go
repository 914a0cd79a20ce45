package edge

import (
	_ "embed"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"text/template"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/process"
)

const (
	// workers is how many processes serve.
	workers = 2
	// failsToRest is how many failures within rest make nginx leave a gateway
	// alone for rest; then the next request finds out whether it is back.
	failsToRest = 2
	rest        = "1s"
	// placeholder stands for a gateway without an address: nginx wants to see
	// one, and sends nothing there.
	placeholder = "127.0.0.1:9"
)

//go:embed nginx.conf.tmpl
var source string

// page is nginx's configuration with places for what differs.
var page = template.Must(template.New("nginx.conf").Parse(source))

// target is a gateway with what is known of it.
type target struct {
	Gateway
	// address is invalid while none is known.
	address netip.AddrPort
}

// line is one server of the configuration.
type line struct {
	Name, Address, Parameters string
	// Pattern matches nginx's list of the addresses that a request was sent to
	// when the last one is this server's; empty without an address.
	Pattern string
}

// render is nginx's configuration for the gateways as they are known; lines is
// the address that log lines are sent to.
func (c Config) render(lines netip.AddrPort, targets []target) (string, error) {
	var servers []line
	unit := unitOf(targets)
	for _, t := range targets {
		servers = append(servers, c.line(t, unit))
	}
	var out strings.Builder
	err := page.Execute(&out, map[string]any{
		"Scratch": c.Scratch, "Lines": lines.String(), "Workers": workers,
		"Listen": c.Listen, "Status": c.Status, "Scheme": c.scheme(),
		"TLS": c.Certificate != "", "Certificate": c.Certificate, "Authority": c.Authority,
		"ServiceHeader": process.ServiceHeader,
		"Retries":       c.has(RetriesFeature) && c.has(RedispatchFeature),
		"Method":        method(c.Balance),
		"Servers":       servers,
	})
	if err != nil {
		return "", fmt.Errorf("render nginx's configuration: %w", err)
	}
	return out.String(), nil
}

// method is a way to balance in nginx's words; round robin has none.
func method(balance string) string {
	switch balance {
	case stack.Random: // the better of two, as HAProxy's
		return "random two least_conn"
	case stack.LeastConn:
		return "least_conn"
	}
	return ""
}

// unitOf is the largest number that all weights are multiples of; 1 when there
// are none. After a failure nginx counts a gateway as lighter for as many
// requests as the failure took off its weight: with weights of a hundred it would
// have less than its share for long after it is back.
func unitOf(targets []target) int {
	unit := 0
	for _, t := range targets {
		for a := t.Weight; a > 0; {
			unit, a = a, unit%a
		}
	}
	return max(unit, 1)
}

// line is a gateway's in nginx's configuration; unit is what its weight is
// counted in.
func (c Config) line(t target, unit int) line {
	if !t.address.IsValid() {
		return line{Name: t.Name, Address: placeholder, Parameters: "down"}
	}
	l := line{
		Name: t.Name, Address: t.address.String(),
		Pattern: "(^|[ ,])" + regexp.QuoteMeta(t.address.String()) + "$",
	}
	fails := failsToRest
	if !c.has(HealthChecksFeature) {
		fails = 0 // nginx counts none
	}
	l.Parameters = fmt.Sprintf("weight=%d max_fails=%d fail_timeout=%s", t.Weight/unit, fails, rest)
	if t.Weight == 0 { // nginx knows no such weight
		l.Parameters = "down"
	}
	return l
}
