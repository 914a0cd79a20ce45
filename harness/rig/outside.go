package rig

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/observe"
)

// Outside is the monitoring of somebody's own stack: what notices a fault
// there, of which the stack itself says nothing. The zero value is none.
type Outside struct {
	// Prometheus is its base URL, "http://127.0.0.1:9090".
	Prometheus string
	// HAProxy is the URL of its statistics page.
	HAProxy string
	// Webhook is the loopback address on which Alertmanager's notifications are
	// received, "127.0.0.1:9094".
	Webhook string
	// AllowHosts are the hosts besides loopback addresses that may be asked.
	AllowHosts []string
}

// Look asks every source once. An error says which one is of no use, before
// anything was touched.
func (o Outside) Look(ctx context.Context) error {
	if o.Prometheus != "" {
		if err := observe.AskAlerts(ctx, o.prometheus(), o.AllowHosts...); err != nil {
			return fmt.Errorf("ask Prometheus for its alerts: %w", err)
		}
	}
	if o.HAProxy != "" {
		if _, err := observe.AskHAProxy(ctx, o.HAProxy, o.AllowHosts...); err != nil {
			return fmt.Errorf("ask HAProxy for its statistics: %w", err)
		}
	}
	if o.Webhook != "" {
		l, err := observe.ListenWebhook(o.Webhook)
		if err != nil {
			return err
		}
		return l.Close()
	}
	return nil
}

// Join adds the sources to the observers of a rig, and to what the evidence
// says of who can notice a fault. Prometheus and Alertmanager are taken to
// watch every component: whoever names them wants to know whether they do.
// HAProxy watches the components that a server or a backend of it is named
// after.
//
// A source names what it means in its own words. A name that is a replica, a
// component or a node of the stack, or that with a port behind it, is one; any
// other names nobody: it is kept in the signal's detail, and counts as detection
// but neither as the right culprit nor as a wrong one. Of a rig without targets
// all names stay.
//
// done has to be called when the trial is over, whether the rig was run or not.
func (o Outside) Join(ctx context.Context, live *harness.Rig) (done func(), err error) {
	done = func() {}
	known := namesOf(live.Stack.Targets)
	watch := func(source harness.Observer, pages bool, seen []string) {
		if len(known) > 0 {
			source = translated{source, known}
		}
		live.Observers = append(live.Observers, source)
		if len(seen) > 0 {
			live.Stack.Observers = append(live.Stack.Observers, harness.Sight{Source: source.String(), Components: seen, Pages: pages})
		}
	}
	everything := components(live.Stack.Targets)
	if o.HAProxy != "" {
		names, err := observe.AskHAProxy(ctx, o.HAProxy, o.AllowHosts...)
		if err != nil {
			return done, fmt.Errorf("ask HAProxy for its statistics: %w", err)
		}
		watch(observe.HAProxy(o.HAProxy, edgeEvery, o.AllowHosts...), false, behind(names, live.Stack.Targets))
	}
	if o.Prometheus != "" {
		base := func() (string, bool) { return o.prometheus(), true }
		// Where nobody sends alerts on, one that fires is seen by being looked at.
		watch(observe.Alerts(base, alertsEvery, o.AllowHosts...), o.Webhook == "", everything)
	}
	if o.Webhook != "" {
		l, err := observe.ListenWebhook(o.Webhook)
		if err != nil {
			return done, err
		}
		done = func() { _ = l.Close() } // closed already when the rig was run
		watch(observe.Webhook(l), true, everything)
	}
	return done, nil
}

// prometheus is the base URL without a slash at its end.
func (o Outside) prometheus() string { return strings.TrimRight(o.Prometheus, "/") }

// components are those of the targets, in order of first appearance.
func components(targets []harness.Target) []string {
	var all []string
	for _, t := range targets {
		if !slices.Contains(all, t.Component) {
			all = append(all, t.Component)
		}
	}
	return all
}

// behind are the components that one of names means.
func behind(names []string, targets []harness.Target) []string {
	var all []string
	for _, c := range components(targets) {
		if slices.ContainsFunc(targets, func(t harness.Target) bool {
			return t.Component == c && (slices.Contains(names, t.Name) || slices.Contains(names, c))
		}) {
			all = append(all, c)
		}
	}
	return all
}

// namesOf holds every name that a signal about one of the targets may have.
func namesOf(targets []harness.Target) map[string]bool {
	known := map[string]bool{}
	for _, t := range targets {
		for _, name := range []string{t.Name, t.Component, t.Node} {
			if name != "" {
				known[name] = true
			}
		}
	}
	return known
}

// translated is a source whose subjects are names of the stack, or empty.
type translated struct {
	harness.Observer
	known map[string]bool
}

// Observe implements harness.Observer.
func (t translated) Observe(ctx context.Context, emit func(harness.Signal)) error {
	return t.Observer.Observe(ctx, func(s harness.Signal) {
		emit(t.translate(s))
	})
}

func (t translated) translate(s harness.Signal) harness.Signal {
	if s.Subject == "" || t.known[s.Subject] {
		return s
	}
	if host, _, err := net.SplitHostPort(s.Subject); err == nil && t.known[host] {
		s.Subject = host
		return s
	}
	s.Detail = strings.TrimSpace(s.Detail + " (" + s.Subject + ")")
	s.Subject = ""
	return s
}
