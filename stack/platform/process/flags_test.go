package process_test

import (
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack/platform/process"
)

func TestParseFlags(t *testing.T) {
	got, err := process.ParseFlags("catalog", strings.Fields("--name catalog-1 --node a --registry etcd://e:1 --lease-ttl 3s --advertise h:1 --log-level debug"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want := process.Options{
		Name: "catalog-1", Node: "a", Listen: ":8080", Admin: ":9090", Registry: "etcd://e:1",
		Advertise: "h:1", LeaseTTL: 3 * time.Second, Drain: 2 * time.Second, Level: slog.LevelDebug,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if _, err := process.ParseFlags("catalog", []string{"--help"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("--help gives %v, want flag.ErrHelp", err)
	}
}

func TestParseFlagsReportsEverythingThatIsWrong(t *testing.T) {
	const good = "--name c --registry etcd://e:1 "
	for _, tt := range []struct {
		rule, args string
		want       []string
	}{
		{"nothing given", "", []string{"--name is missing", "--registry is missing"}},
		{"an unknown flag", good + "--nmae x", []string{"nmae"}},
		{"a stray argument", good + "stray", []string{`"stray"`}},
		{"a lease that is too short", good + "--lease-ttl 10ms", []string{"--lease-ttl is 10ms"}},
		{"a negative drain", good + "--drain -1s", []string{"--drain is -1s"}},
		{"an address without a port", good + "--advertise host", []string{"--advertise"}},
		{"an unknown level", good + "--log-level loud", []string{"loud"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := process.ParseFlags("catalog", strings.Fields(tt.args), io.Discard)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
}

func TestOwnAddress(t *testing.T) {
	for _, tt := range []struct{ rule, bound, registry, want string }{
		{"a listener with a host is that", "127.0.0.1:81", "etcd://nowhere.invalid:1", "127.0.0.1:81"},
		{"else the address on the way to the registry", "[::]:81", "etcd://127.0.0.1:9", "127.0.0.1:81"},
		{"a member that cannot be found is passed over", "0.0.0.0:81", "etcd://bad:port,127.0.0.1:9", "127.0.0.1:81"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			bound, err := net.ResolveTCPAddr("tcp", tt.bound)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := process.OwnAddress(t.Context(), bound, tt.registry); err != nil || got != tt.want {
				t.Errorf("OwnAddress(%q, %q) = %q, %v; want %q", tt.bound, tt.registry, got, err, tt.want)
			}
		})
	}
}
