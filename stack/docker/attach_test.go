package docker

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

func TestParseReady(t *testing.T) {
	for _, tt := range []struct {
		label string
		want  page
		bad   bool
	}{
		{label: "", want: page{}},
		{label: "8080/healthz", want: page{8080, "/healthz"}},
		{label: "8080/a/b?c=d", want: page{8080, "/a/b?c=d"}},
		{label: "8080", want: page{8080, "/"}},
		{label: "/healthz", bad: true},
		{label: "http/healthz", bad: true},
		{label: "0/x", bad: true},
		{label: "65536/x", bad: true},
	} {
		got, err := parseReady(tt.label)
		if (err != nil) != tt.bad || got != tt.want {
			t.Errorf("parseReady(%q) = %+v, %v, want %+v, an error: %v", tt.label, got, err, tt.want, tt.bad)
		}
		if tt.bad && !strings.Contains(err.Error(), "want PORT/path such as 8080/healthz") {
			t.Errorf("parseReady(%q): %v, want it to say what is expected", tt.label, err)
		}
	}
}

func TestPublishedPortsAreThoseOnLoopback(t *testing.T) {
	bind := func(ip, port string) network.PortBinding {
		var b network.PortBinding
		if ip != "" {
			b.HostIP = netip.MustParseAddr(ip)
		}
		b.HostPort = port
		return b
	}
	var c container.InspectResponse
	c.NetworkSettings = &container.NetworkSettings{}
	c.NetworkSettings.Ports = network.PortMap{
		network.MustParsePort("80/tcp"):   {bind("0.0.0.0", "1080"), bind("::", "1080")},
		network.MustParsePort("81/tcp"):   {bind("127.0.0.1", "1081")},
		network.MustParsePort("82/tcp"):   {bind("192.0.2.1", "1082")},
		network.MustParsePort("83/udp"):   {bind("127.0.0.1", "1083")},
		network.MustParsePort("84/tcp"):   {bind("::", "1084")},
		network.MustParsePort("85/tcp"):   {bind("", "1085")},
		network.MustParsePort("9090/tcp"): nil,
	}
	want := map[uint16]string{80: "127.0.0.1:1080", 81: "127.0.0.1:1081", 84: "[::1]:1084", 85: "127.0.0.1:1085"}
	if diff := cmp.Diff(want, publishedPorts(c)); diff != "" {
		t.Errorf("ports (-want +got):\n%s", diff)
	}
}

// engineWith is an engine that has these containers. Those whose status is
// not "exited" run.
func engineWith(t *testing.T, containers ...container.Summary) *engine {
	handlers := map[string]http.HandlerFunc{"GET /containers/json": answer(containers)}
	for _, c := range containers {
		var full container.InspectResponse
		full.ID = c.ID
		full.State = &container.State{Status: c.State, Running: c.State == "running"}
		if strings.Contains(c.Status, "(1)") {
			full.State.ExitCode = 1
		}
		handlers["GET /containers/"+c.ID+"/json"] = answer(full)
	}
	return fakeEngine(t, handlers)
}

func answer(v any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
}

// of is a container of project "shop".
func of(service, number, state string, labels ...string) container.Summary {
	id := strings.Repeat("0", 40) + service + number
	c := container.Summary{ID: id, Names: []string{"/shop-" + service + "-" + number}, Image: "shop:1", State: container.ContainerState(state)}
	c.Labels = map[string]string{composeProject: "shop", composeService: service, composeNumber: number}
	for i := 0; i+1 < len(labels); i += 2 {
		c.Labels[labels[i]] = labels[i+1]
	}
	return c
}

func TestJoinCompose(t *testing.T) {
	failed := of("worker", "1", "exited")
	failed.Status = "Exited (1)"
	foreign := of("web", "1", "running", composeProject, "blog")
	for _, tt := range []struct {
		rule       string
		containers []container.Summary
		want       []string
		err        string
	}{
		{"services are components, sorted; containers are replicas by number",
			[]container.Summary{of("web", "10", "running"), of("web", "2", "running"), of("db", "1", "running")}, []string{"db-1", "web-2", "web-10"}, ""},
		{"a container that is down is a replica", []container.Summary{of("web", "1", "running"), of("web", "2", "exited")}, []string{"web-1", "web-2"}, ""},
		{"a service that has done its work is left out", []container.Summary{of("web", "1", "running"), of("migrate", "1", "exited")}, []string{"web-1"}, ""},
		{"one that failed is a replica that is down", []container.Summary{of("web", "1", "running"), failed}, []string{"web-1", "worker-1"}, ""},
		{"a one-off container is none", []container.Summary{of("web", "1", "running"), of("web", "2", "running", composeOneOff, "True")}, []string{"web-1"}, ""},
		{"another project's containers are none", []container.Summary{of("web", "2", "running"), foreign}, []string{"web-2"}, ""},
		{"a number that is none", []container.Summary{of("web", "x", "running")}, nil, `container "shop-web-x": label com.docker.compose.container-number: want a number from 1, saw "x"`},
		{"two with one number", []container.Summary{of("web", "1", "running"), of("web", "01", "running")}, nil, `"shop-web-01" and "shop-web-1" are both number 1 of service "web"`},
		{"a container without a service", []container.Summary{of("", "1", "running")}, nil, "want a label com.docker.compose.service"},
		{"a readiness page that is none", []container.Summary{of("web", "1", "running", LabelReady, "healthz")}, nil, "want PORT/path such as 8080/healthz"},
		{"nothing that runs", []container.Summary{failed}, nil, "none of its containers runs; start it"},
		{"nothing at all", []container.Summary{foreign}, nil, `no compose project "shop" on this engine: there is "blog"`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := &Stack{engine: engineWith(t, tt.containers...), attached: &attachment{name: "shop"}}
			err := s.joinCompose(t.Context(), "shop")
			if (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			var got []string
			for _, m := range s.members {
				got = append(got, m.Name())
			}
			if diff := cmp.Diff(tt.want, got); err == nil && diff != "" {
				t.Errorf("replicas (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNotThereIsAnErrorOfItsOwn(t *testing.T) {
	s := &Stack{engine: engineWith(t), attached: &attachment{}}
	err := s.joinCompose(t.Context(), "shop")
	if _, ok := errors.AsType[*NotThere](err); !ok || !strings.Contains(err.Error(), "nor any other") {
		t.Errorf("error %v, want a NotThere that says that there is nothing", err)
	}
}
