package edge

import (
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/certificate"
)

// sound is an edge as the platform has it, without TLS.
func sound(t *testing.T) Config {
	t.Helper()
	return Config{
		Name: "edge", Listen: "127.0.0.1:18080", Status: "127.0.0.1:18405", Scratch: t.TempDir(), Program: "nginx", Balance: stack.RoundRobin,
		Gateways: []Gateway{{"gateway-1", 8080, 200}, {"gateway-2", 8080, 100}, {"gateway-3", 8080, 100}},
	}
}

// known are the gateways of a configuration, of which the third is nowhere.
func known(c Config) []target {
	all := newTargets(c.Gateways)
	all.moved("gateway-1", netip.MustParseAddr("10.0.0.1"))
	all.moved("gateway-2", netip.MustParseAddr("10.0.0.2"))
	return all.next()
}

func rendered(t *testing.T, c Config) string {
	t.Helper()
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	text, err := c.render(netip.MustParseAddrPort("127.0.0.1:5140"), known(c))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheConfigurationSaysHowRequestsAreSpread(t *testing.T) {
	for _, c := range []struct {
		rule   string
		change func(*Config)
		want   []string
		not    []string
	}{
		{"round robin is what nginx does anyway", func(*Config) {}, []string{
			"server 10.0.0.1:8080 weight=2 max_fails=2 fail_timeout=1s; # gateway-1",
			"server 10.0.0.2:8080 weight=1 max_fails=2 fail_timeout=1s; # gateway-2",
			"server 127.0.0.1:9 down; # gateway-3", "zone gateway",
			"proxy_next_upstream error timeout invalid_header;", "proxy_next_upstream_tries 3;",
		}, []string{"least_conn;", "random", "non_idempotent;", "ssl", "https"}},
		{"by weights it is too", func(c *Config) { c.Balance = stack.Weighted }, []string{"weight=2 "}, []string{"least_conn;", "random"}},
		{"random is the better of two", func(c *Config) { c.Balance = stack.Random }, []string{"random two least_conn;"}, nil},
		{"least connections", func(c *Config) { c.Balance = stack.LeastConn }, []string{"least_conn;"}, []string{"random"}},
		{"without retries nothing is sent again", func(c *Config) { c.Without = []string{RetriesFeature} }, []string{"proxy_next_upstream off;"}, []string{"next_upstream_tries", "next_upstream error"}},
		{"nor without redispatch: nginx cannot send it where it failed", func(c *Config) { c.Without = []string{RedispatchFeature} }, []string{"proxy_next_upstream off;"}, []string{"next_upstream error"}},
		{"without health checks no failure is counted", func(c *Config) { c.Without = []string{HealthChecksFeature} }, []string{"max_fails=0"}, []string{"max_fails=2"}},
		{"what weighs nothing gets nothing", func(c *Config) { c.Gateways[1].Weight = 0 }, []string{"server 10.0.0.2:8080 down; # gateway-2"}, nil},
		{"TLS is spoken on both sides, and who answers is looked at", func(c *Config) { c.Certificate, c.Authority = "/certs/server.pem", "/certs/ca.pem" }, []string{
			"listen 127.0.0.1:18080 ssl backlog", "ssl_certificate /certs/server.pem;", "proxy_pass https://gateway;", "proxy_ssl_verify on;",
			"proxy_ssl_trusted_certificate /certs/ca.pem;", `"~(^|[ ,])10\.0\.0\.2:8080$" gateway-2;`, "proxy_ssl_name $gateway;",
		}, []string{`" gateway-3;`}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			config := sound(t)
			c.change(&config)
			text := rendered(t, config)
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("the configuration has no %q:\n%s", want, text)
				}
			}
			for _, not := range c.not {
				if strings.Contains(text, not) {
					t.Errorf("the configuration has %q:\n%s", not, text)
				}
			}
		})
	}
}

func TestWeightsAreAsSmallAsTheirSharesAllow(t *testing.T) {
	for _, c := range []struct {
		weights []int
		want    int
	}{{[]int{100, 100, 100}, 100}, {[]int{200, 100, 100}, 100}, {[]int{1, 100, 100}, 1}, {[]int{0, 100, 50}, 50}, {[]int{0, 0}, 1}, {nil, 1}} {
		var all []target
		for _, w := range c.weights {
			all = append(all, target{Gateway: Gateway{Weight: w}})
		}
		if got := unitOf(all); got != c.want {
			t.Errorf("weights %v: counted in %d, want %d", c.weights, got, c.want)
		}
	}
}

func TestAnAddressIsNotTakenForALongerOne(t *testing.T) {
	c := sound(t)
	pattern := regexp.MustCompile(c.line(known(c)[0], 1).Pattern)
	for list, want := range map[string]bool{
		"10.0.0.1:8080": true, "10.0.0.2:8080, 10.0.0.1:8080": true, "10.0.0.1:8080, 10.0.0.2:8080": false,
		"110.0.0.1:8080": false, "10.0.0.1:80801": false, "10x0.0.1:8080": false,
	} {
		if got := pattern.MatchString(list); got != want {
			t.Errorf("%q is the first gateway's: %v, want %v", list, got, want)
		}
	}
}

// nginx itself reads every configuration that there can be; the tests on
// containers do so where there is no nginx here.
func TestNginxReadsTheConfiguration(t *testing.T) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("no nginx here")
	}
	authority, err := certificate.NewAuthority("test", testTime)
	if err != nil {
		t.Fatal(err)
	}
	files, err := authority.Files([]string{"localhost"})
	if err != nil {
		t.Fatal(err)
	}
	for _, balance := range stack.Balances() {
		for _, secure := range []bool{false, true} {
			c := sound(t)
			c.Balance = balance
			if secure {
				c.Certificate, c.Authority = filepath.Join(c.Scratch, certificate.First), filepath.Join(c.Scratch, certificate.AuthorityFile)
				for name, content := range files {
					if err := os.WriteFile(filepath.Join(c.Scratch, name), content, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			path := c.file(configurationFile)
			if err := os.WriteFile(path, []byte(rendered(t, c)), 0o600); err != nil {
				t.Fatal(err)
			}
			if said, err := exec.Command(program, "-t", "-e", "stderr", "-p", c.Scratch, "-c", path).CombinedOutput(); err != nil {
				t.Errorf("balance %s, TLS %v: %v:\n%s", balance, secure, err, said)
			}
		}
	}
}

func TestCheckReportsEverythingThatIsWrong(t *testing.T) {
	c := Config{Balance: "fair", Without: []string{"luck"}, Certificate: "/certs/a;b.pem", Status: "here", Listen: "0", Scratch: "scratch",
		Gateways: []Gateway{{"a b", 1, 1}, {"b", 0, 1}, {"c", 1, 257}}}
	err := c.Check()
	if err == nil {
		t.Fatal("it was taken")
	}
	for _, want := range []string{`"a b": want a host name`, `"b": want a port`, "weight is 257", `balance is "fair"`, `without "luck"`, "an authority", `"/certs/a;b.pem"`, `"scratch"`, `status is "here"`, `listen is "0"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
	if err := (Config{Balance: stack.Random}).Check(); err == nil || !strings.Contains(err.Error(), "no gateway") || !strings.Contains(err.Error(), "scratch directory") {
		t.Errorf("an empty one: %v", err)
	}
}

func TestParseGateway(t *testing.T) {
	for text, want := range map[string]Gateway{"g-1:8080=200": {"g-1", 8080, 200}, "g:1": {"g", 1, 1}} {
		if got, err := parseGateway(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "g", "g:x", "g:70000", "g:1=x"} {
		if got, err := parseGateway(text); err == nil {
			t.Errorf("%q was taken as %+v", text, got)
		}
	}
}
