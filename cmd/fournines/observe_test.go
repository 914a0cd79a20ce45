package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestObserveRefusesBadInputBeforeItSendsAnything(t *testing.T) {
	g := newTarget(t)
	sent := make(chan mode, 1)
	go func() {
		select {
		case m := <-g.asked:
			sent <- m
		case <-t.Context().Done():
		}
	}()
	t.Chdir(t.TempDir())
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no URL":                        {nil, "--url is missing"},
		"an empty URL":                  {[]string{"--url", ""}, "--url is missing"},
		"another scheme":                {[]string{"--url", "ftp://127.0.0.1/"}, "want a URL with the scheme http or https"},
		"no scheme":                     {[]string{"--url", "127.0.0.1:8080"}, `--url "127.0.0.1:8080"`},
		"no host":                       {[]string{"--url", "http:///health"}, "want a host"},
		"something that is no URL":      {[]string{"--url", "http://%zz"}, "want a URL such as"},
		"a space":                       {[]string{"--url", g.url() + " x"}, "without spaces"},
		"another machine":               {[]string{"--url", "http://192.0.2.1/"}, "add --allow-host 192.0.2.1"},
		"another machine by name":       {[]string{"--url", "https://shop.example/x"}, "add --allow-host shop.example"},
		"the port does not make a host": {[]string{"--url", "http://shop.example:80/", "--allow-host", "shop.example:80"}, "without scheme, port and pattern"},
		"a pattern is no host":          {[]string{"--url", g.url(), "--allow-host", "*"}, "without scheme, port and pattern"},
		"a third host is not the one":   {[]string{"--url", "http://192.0.2.1/", "--allow-host", "192.0.2.2"}, "add --allow-host 192.0.2.1"},
		"a password":                    {[]string{"--url", "http://user:secret@127.0.0.1/"}, "no user name and password"},
		"a negative length":             {[]string{"--url", g.url(), "--for", "-5s"}, "--for -5s: want 1s to"},
		"no length":                     {[]string{"--url", g.url(), "--for", "0"}, "--for 0s: want 1s to"},
		"a length beyond a day":         {[]string{"--url", g.url(), "--for", "25h"}, "--for 25h0m0s: want 1s to"},
		"a rate of zero":                {[]string{"--url", g.url(), "--rate", "0"}, "--rate 0: want more than 0"},
		"a negative rate":               {[]string{"--url", g.url(), "--rate", "-1"}, "--rate -1: want more than 0"},
		"NaN":                           {[]string{"--url", g.url(), "--rate", "NaN"}, "--rate NaN: want more than 0"},
		"an endless rate":               {[]string{"--url", g.url(), "--rate", "+Inf"}, "--rate +Inf: want more than 0"},
		"more than can be under way":    {[]string{"--url", g.url(), "--rate", "90000", "--timeout", "1m"}, "lower one of the two"},
		"no time for an answer":         {[]string{"--url", g.url(), "--timeout", "0s"}, "--timeout 0s: want more than 0s"},
		"a status that is none":         {[]string{"--url", g.url(), "--expect", "20"}, "--expect 20: want a status"},
		"status zero":                   {[]string{"--url", g.url(), "--expect", "0"}, "--expect 0: want a status"},
		"alerts from everywhere":        {[]string{"--url", g.url(), "--webhook", "0.0.0.0:9094"}, `--webhook "0.0.0.0:9094": want a loopback address`},
		"a Prometheus elsewhere":        {[]string{"--url", g.url(), "--prometheus", "http://192.0.2.1:9090"}, `--prometheus "http://192.0.2.1:9090": requests go to this machine only`},
		"an HAProxy with a password":    {[]string{"--url", g.url(), "--haproxy", "http://user:secret@127.0.0.1/stats"}, "--haproxy \"http://user:xxxxx@127.0.0.1/stats\": want no user name"},
		"an argument":                   {[]string{g.url()}, "unexpected argument"},
		"an unknown flag":               {[]string{"--uri", g.url()}, `did you mean "--url"?`},
		"a folder that is a file":       {[]string{"--url", g.url(), "--out", os.DevNull}, "choose another folder with --out"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs strings.Builder
			code := run(context.Background(), append([]string{"observe"}, c.args...), strings.NewReader(""), &out, &errs)
			if code != exitUsage || !strings.Contains(errs.String(), c.want) {
				t.Errorf("exit code %d, want %d, and %q in:\n%s", code, exitUsage, c.want, errs.String())
			}
			if strings.Contains(errs.String(), "secret") {
				t.Errorf("a password is printed: %s", errs.String())
			}
		})
	}
	t.Run("all problems come at once", func(t *testing.T) {
		var out, errs strings.Builder
		run(context.Background(), []string{"observe", "--url", "gopher://x", "--for", "-1s", "--rate", "0", "--timeout", "-1s", "--expect", "1"}, strings.NewReader(""), &out, &errs)
		for _, flag := range []string{"--url", "--for", "--rate", "--timeout", "--expect"} {
			if !strings.Contains(errs.String(), flag+" ") {
				t.Errorf("%s is not complained about:\n%s", flag, errs.String())
			}
		}
	})
	select {
	case m := <-sent:
		t.Errorf("a request was sent (the endpoint was %s)", m)
	default:
	}
	if _, err := os.Stat("reports"); err == nil {
		t.Error("a run directory was made")
	}
}

func TestAnObservedURLOfAnyLengthHasAHypothesis(t *testing.T) {
	f := observeFlags{url: "http://127.0.0.1:1/?" + strings.Repeat("ä", 5000), judged: harness.MaxStage, rate: 1, timeout: 1e9}
	s, err := f.scenario()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
}

func TestAnExpectedStatusIsAGoodAnswer(t *testing.T) {
	g := newTarget(t)
	g.become(failing)
	t.Chdir(t.TempDir())
	for status, want := range map[string]bool{"503": true, "204": false} {
		var out, errs strings.Builder
		code := run(t.Context(), []string{"observe", "--url", g.url(), "--for", "1s", "--rate", "20", "--expect", status}, strings.NewReader(""), &out, &errs)
		if code == exitInvalid {
			t.Skipf("this machine is too busy for a verdict:\n%s", out.String())
		}
		// One second is too short for any verdict; what was seen is not.
		if good := !strings.Contains(out.String(), "(100\u00a0%)"); good != want || code != exitInconclusive {
			t.Errorf("--expect %s: exit code %d, good %v, want good %v:\n%s%s", status, code, good, want, out.String(), errs.String())
		}
	}
}

func TestAnObjectiveThatIsKeptIsAPass(t *testing.T) {
	example, err := os.ReadFile("../../fixtures/openslo/availability.yaml")
	if err != nil {
		t.Fatal(err)
	}
	g := newTarget(t)
	t.Chdir(t.TempDir())
	// 90 % can be claimed after two seconds (100 requests); 99.99 % cannot.
	if err := os.WriteFile("slo.yaml", bytes.Replace(example, []byte("0.9999"), []byte("0.9"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	code := run(t.Context(), []string{"observe", "--url", g.url(), "--for", "2s", "--slo", "slo.yaml"}, strings.NewReader(""), &out, &errs)
	if code == exitInvalid {
		t.Skipf("this machine is too busy for a verdict:\n%s", out.String())
	}
	if code != exitPass || !strings.HasPrefix(out.String(), "PASS  observe\n") {
		t.Errorf("exit code %d, want %d and PASS:\n%s%s", code, exitPass, out.String(), errs.String())
	}
}
