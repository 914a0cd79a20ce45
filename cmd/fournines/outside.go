package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/spf13/pflag"

	"github.com/fournines/fournines/harness/rig"
)

// outsideFlags name the monitoring of somebody's own stack or endpoint, whose
// alerts and health checks become signals.
type outsideFlags struct {
	prometheus, haproxy, webhook string
}

func (f *outsideFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.prometheus, "prometheus", "", "a Prometheus of yours whose alerts become signals, such as http://127.0.0.1:9090")
	flags.StringVar(&f.haproxy, "haproxy", "", "the statistics page of an HAProxy of yours whose health checks become signals, such as http://127.0.0.1:8404/stats")
	flags.StringVar(&f.webhook, "webhook", "", "loopback address to receive Alertmanager's notifications on, such as 127.0.0.1:9094")
}

// check looks at the flags alone; allowHosts are the hosts besides this machine
// that may be asked.
func (f outsideFlags) check(allowHosts []string) error {
	var problems []error
	if f.prometheus != "" {
		problems = append(problems, checkFlagURL("prometheus", f.prometheus, "http://127.0.0.1:9090", allowHosts))
	}
	if f.haproxy != "" {
		problems = append(problems, checkFlagURL("haproxy", f.haproxy, "http://127.0.0.1:8404/stats", allowHosts))
	}
	if f.webhook != "" {
		host, port, err := net.SplitHostPort(f.webhook)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() || port == "" {
			problems = append(problems, fmt.Errorf("--webhook %q: want a loopback address such as 127.0.0.1:9094, so that only this machine can send alerts", f.webhook))
		}
	}
	return errors.Join(problems...)
}

// checkFor refuses the flags for a stack whose monitoring is observed anyway.
func (f outsideFlags) checkFor(stack string) error {
	if words := f.words(); len(words) > 0 && !strings.HasPrefix(stack, stackCompose) {
		return usage(fmt.Errorf("%s is for a stack of your own (--stack %sPROJECT): the monitoring of the reference platform is observed anyway", words[0], stackCompose))
	}
	return nil
}

// sources are what the flags name.
func (f outsideFlags) sources(allowHosts []string) rig.Outside {
	return rig.Outside{Prometheus: f.prometheus, HAProxy: f.haproxy, Webhook: f.webhook, AllowHosts: allowHosts}
}

// look asks every source once, before anything is touched.
func (f outsideFlags) look(ctx context.Context, allowHosts []string) error {
	if err := f.sources(allowHosts).Look(ctx); err != nil {
		return environment(fmt.Errorf("nothing was started: %w", err))
	}
	return nil
}

// words is the part of the command line that says the same again.
func (f outsideFlags) words() []string {
	var words []string
	for _, flag := range [...][2]string{{"--prometheus", f.prometheus}, {"--haproxy", f.haproxy}, {"--webhook", f.webhook}} {
		if flag[1] != "" {
			words = append(words, flag[0], flag[1])
		}
	}
	return words
}
