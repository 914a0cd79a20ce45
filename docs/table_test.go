package docs_test

// row is one line of the package table: what a folder holds and which of our
// own packages it may import. The most specific row wins.
type row struct {
	// folder is a package's path below the module; "x/..." is x and all below.
	folder string
	holds  string
	// may lists own packages in the same notation; test imports are apart.
	may []string
}

// rows is the package table of docs/architecture.md, which is written from it.
var rows = []row{
	{"cmd/fournines", "the command: `main` is two lines, one file per subcommand", []string{"..."}},
	{"scenarios", "the catalogue: one YAML file per scenario, embedded; the Ginkgo suite that runs it", []string{"harness", "harness/spec", "harness/suggest"}},
	{"reports", "writers of a run directory: terminal, JSON, JUnit, Markdown, HTML", []string{"harness", "harness/figure", "reports/..."}},
	{"reports/logs", "what the stack's components logged in a run: kept within bounds, read back, searched", nil},
	{"reports/logs/bulk", "sends log lines to an endpoint with Elasticsearch's bulk API", []string{"harness/loopback", "reports/logs"}},
	{"reports/chart", "the geometry of the report's pictures: numbers in, coordinates out", nil},
	{"reports/junit", "the JUnit dialect that both Jenkins and GitLab read", []string{"reports/ansi"}},
	{"reports/ansi", "removes terminal control sequences from foreign text", nil},
	{"harness/rig", "joins a Plan to a live stack: the Rig that Run drives", []string{"harness/...", "stack"}},
	{"harness/matchers", "Gomega matchers over verdicts, for suites of your own", []string{"harness"}},
	{"harness/spec", "YAML to Scenario: strict, all errors at once with file:line:column", []string{"harness", "harness/fault", "harness/suggest"}},
	{"harness/fault", "one fault per file, over small interfaces that it declares itself", []string{"harness", "harness/agent/...", "harness/loopback", "harness/suggest"}},
	{"harness/agent", "the process beside a target that holds a fault under a lease, and the harness's side of it", nil},
	{"harness/agent/proc", "signals to the processes of one container from beside it", []string{"harness/agent"}},
	{"harness/agent/dnsfault", "what answers DNS queries in place of a container's resolver, and the witness that looks names up", []string{"harness/agent", "harness/agent/nft"}},
	{"harness/agent/httpfault", "a proxy that delays, refuses or spoils HTTP answers, and the witness that sends requests", []string{"harness/agent", "harness/agent/nft"}},
	{"harness/agent/nft", "firewall rules in a table that vanishes with its process", nil},
	{"harness/agent/netlink", "raw netlink messages: what effects on packets need of the kernel", nil},
	{"harness/agent/shape", "what happens to each packet of a stream, decided from a seed. No kernel, no clock", nil},
	{"harness/agent/netprobe", "looks at a path from another namespace: round trips, and answers that do not come", []string{"harness/agent"}},
	{"harness/agent/netem", "packets shaped by the kernel's sch_netem", []string{"harness/agent", "harness/agent/netlink", "harness/agent/shape"}},
	{"harness/agent/netshape", "packets shaped by netem or a queue, whichever the kernel has", []string{"harness/agent", "harness/agent/netem", "harness/agent/netqueue"}},
	{"harness/agent/netqueue", "packets shaped in user space, from a queue of the kernel", []string{"harness/agent", "harness/agent/netlink", "harness/agent/shape"}},
	{"harness/agent/bandwidth", "the effect that holds what a namespace sends and receives to a rate", []string{"harness/agent"}},
	{"harness/agent/netcut", "the effect that keeps packets from peers, and the witness that dials them", []string{"harness/agent", "harness/agent/netlink", "harness/agent/nft"}},
	{"harness/agent/agenttest", "a network namespace of its own for a test of an effect", nil},
	{"harness/agent/...", "what an agent can do to the namespaces it is in, one effect per package", []string{"harness/agent", "harness/agent/..."}},
	{"harness/load", "open-loop traffic; classifies each result into an Event, and enters what it writes into the books", []string{"harness", "harness/ledger", "harness/loopback"}},
	{"harness/load/fidelity", "how exactly the generator keeps its schedule, measured beside other generators", nil},
	{"harness/benchmark", "the tables of docs/benchmarks.md: whatever measures prints a row that fits", nil},
	{"harness/calibrate", "the measurement against scripted outages whose truth is known", []string{"harness", "harness/load"}},
	{"harness/journal", "which faults are in effect and how to undo them, on disk before they are injected; heal", []string{"harness"}},
	{"harness/probe", "HTTP checks and Prometheus reads", []string{"harness", "harness/loopback"}},
	{"harness/observe", "Signals from containers, registry, gateways, load balancer, alerts, backup", []string{"harness", "harness/loopback"}},
	{"harness/readback", "reads back what the load wrote: all of it after a trial, a sample of it all the time", []string{"harness", "harness/ledger", "harness/loopback"}},
	{"harness/ledger", "the arithmetic of acknowledged writes against what is found: lost, duplicated, phantom. No clock, no I/O", nil},
	{"harness/loopback", "the rule that our own traffic goes to this machine and nowhere else", nil},
	{"harness", "the domain and the engine: Scenario, Plan, Evidence, Verdict; Run and Judge", []string{"harness/figure", "harness/processors", "harness/slo", "harness/suggest"}},
	{"harness/processors", "what all processors of the machine spent their time on, as the kernel counts it", nil},
	{"harness/figure", "numbers for people, in one style: durations, shares, counts", nil},
	{"harness/suggest", "the nearest known name, for error messages", nil},
	{"harness/slo", "arithmetic: counts, exact bounds, histograms. No clock, no I/O", nil},
	{"stack/docker", "the reference platform in containers", []string{"stack", "stack/certificate", "stack/platform/reference", "fixtures"}},
	{"stack/docker/dockertest", "decides whether a test may skip for want of a container engine; a compose project to attach to", []string{"stack/docker"}},
	{"stack/inproc", "the reference platform inside one process", []string{"stack", "stack/platform/..."}},
	{"stack/platform/...", "the reference platform's own programs and what they share", []string{"stack", "stack/platform/...", "fixtures/seed"}},
	{"stack/certificate", "the certificates of one run: an authority, and for every server the good ones and the bad ones", nil},
	{"stack/stacktest", "the conformance test that every backend passes", []string{"stack"}},
	{"stack", "what a stack is: Stack, Component, Replica, Node; the reference topology", nil},
	{"fixtures", "embedded inputs: configuration of HAProxy, Prometheus and Alertmanager, image recipes; dashboards", nil},
	{"fixtures/seed", "the shop's items", nil},
	{"docs/attached/shop", "the program of docs/attached.md: somebody's own service, as small as one can be", nil},
	{"docs", "the tests that keep the documents and the rules of the house true", nil},
}

// dependency says which of our packages may import a third-party module, so
// that it can be replaced in one place. More than one needs a reason.
type dependency struct {
	module   string
	packages []string
	// tests lists packages whose tests may import the module as well; nil
	// means the tests of every package.
	tests []string
	why   string
}

// dependencies is the third-party table of docs/architecture.md.
var dependencies = []dependency{
	{module: "charm.land/lipgloss/v2", packages: []string{"cmd/fournines"}},
	{module: "github.com/aclements/go-moremath", packages: []string{"harness/slo"}},
	{module: "github.com/HdrHistogram/hdrhistogram-go", packages: []string{"harness/slo"}},
	{module: "github.com/containerd/errdefs", packages: []string{"stack/docker"}, why: "the moby client's error kinds"},
	{module: "github.com/failsafe-go/failsafe-go", packages: []string{"stack/platform/gateway"}},
	{module: "github.com/go-zookeeper/zk", packages: []string{"harness/observe", "stack/platform/registry"}, why: "two sides of one wire, as with etcd: the platform registers, the harness watches"},
	{module: "github.com/golang-jwt/jwt/v5", packages: []string{"stack/platform/token"}},
	{module: "github.com/google/go-cmp", why: "tests only"},
	{module: "github.com/google/nftables", packages: []string{"harness/agent/nft"}},
	{module: "github.com/google/renameio/v2", packages: []string{"reports"}},
	{module: "github.com/jackc/pgx/v5", packages: []string{"stack/platform/backup", "stack/platform/db", "stack/platform/orders"}, why: "three sides: one watches the database as its superuser, one follows its log and compares what was restored, one keeps the shop's orders in it"},
	{module: "github.com/mdlayher/netlink", packages: []string{"harness/agent/nft"}, why: "the socket that a table of google/nftables belongs to"},
	{module: "github.com/moby/moby/api", packages: []string{"stack/docker"}},
	{module: "github.com/moby/moby/client", packages: []string{"stack/docker"}},
	{module: "github.com/onsi/ginkgo/v2", tests: []string{"scenarios"}, why: "Ginkgo only at the edge, see ADR 003"},
	{module: "github.com/onsi/gomega", packages: []string{"harness/matchers"}, tests: []string{"scenarios", "harness/matchers"}, why: "Ginkgo only at the edge, see ADR 003"},
	{module: "github.com/prometheus/client_golang", packages: []string{"harness/probe", "stack/platform/telemetry"}, why: "two halves that share no type: `api` reads Prometheus, `prometheus` exposes the platform's metrics"},
	{module: "github.com/prometheus/common", packages: []string{"harness/probe"}},
	{module: "github.com/rogpeppe/go-internal", why: "tests only"},
	{module: "github.com/spf13/cobra", packages: []string{"cmd/fournines"}},
	{module: "github.com/spf13/pflag", packages: []string{"cmd/fournines"}, why: "the flag half of cobra's API"},
	{module: "github.com/testcontainers/testcontainers-go", packages: []string{"stack/docker"}},
	{module: "github.com/tsenart/vegeta/v12", packages: []string{"harness/load"}},
	{module: "github.com/vishvananda/netlink", packages: []string{"harness/agent/bandwidth"}},
	{module: "go.etcd.io/etcd/client/v3", packages: []string{"harness/observe", "stack/platform/registry"}, why: "two sides of one wire: the platform registers, the harness watches; neither may import the other"},
	{module: "go.etcd.io/etcd/api/v3", packages: []string{"stack/platform/registry"}},
	{module: "go.uber.org/goleak", why: "tests only"},
	{module: "go.uber.org/zap", packages: []string{"harness/observe", "stack/platform/registry"}, why: "the type of the etcd client's logger"},
	{module: "go.yaml.in/yaml/v3", packages: []string{"harness/spec"}},
	{module: "golang.org/x/net", packages: []string{"harness/agent/dnsfault"}, why: "`dns/dnsmessage`: the form of DNS messages"},
	{module: "golang.org/x/sync", packages: []string{"..."}, why: "the Go team's extension of `sync`"},
	{module: "golang.org/x/sys", packages: []string{"..."}, why: "the Go team's extension of `syscall`"},
	{module: "golang.org/x/term", packages: []string{"cmd/fournines"}},
	{module: "google.golang.org/grpc", packages: []string{"stack/platform/registry"}, why: "the type of the etcd client's dial options"},
	{module: "gonum.org/v1/gonum", packages: []string{"harness/slo"}},
	{module: "pgregory.net/rapid", why: "tests only"},
}
