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
	{"reports/chart", "the geometry of the report's pictures: numbers in, coordinates out", nil},
	{"reports/junit", "the JUnit dialect that both Jenkins and GitLab read", []string{"reports/ansi"}},
	{"reports/ansi", "removes terminal control sequences from foreign text", nil},
	{"harness/rig", "joins a Plan to a live stack: the Rig that Run drives", []string{"harness/...", "stack"}},
	{"harness/matchers", "Gomega matchers over verdicts, for suites of your own", []string{"harness"}},
	{"harness/spec", "YAML to Scenario: strict, all errors at once with file:line:column", []string{"harness", "harness/fault", "harness/suggest"}},
	{"harness/fault", "one fault per file, over small interfaces that it declares itself", []string{"harness", "harness/suggest"}},
	{"harness/load", "open-loop traffic; classifies each result into an Event", []string{"harness", "harness/loopback"}},
	{"harness/load/fidelity", "how exactly the generator keeps its schedule, measured beside other generators", nil},
	{"harness/benchmark", "the tables of docs/benchmarks.md: whatever measures prints a row that fits", nil},
	{"harness/calibrate", "the measurement against scripted outages whose truth is known", []string{"harness", "harness/load"}},
	{"harness/journal", "which faults are in effect and how to undo them, on disk before they are injected; heal", []string{"harness"}},
	{"harness/probe", "HTTP checks and Prometheus reads", []string{"harness", "harness/loopback"}},
	{"harness/observe", "Signals from containers, registry, gateways, load balancer, alerts", []string{"harness", "harness/loopback"}},
	{"harness/loopback", "the rule that our own traffic goes to this machine and nowhere else", nil},
	{"harness", "the domain and the engine: Scenario, Plan, Evidence, Verdict; Run and Judge", []string{"harness/figure", "harness/slo", "harness/suggest"}},
	{"harness/figure", "numbers for people, in one style: durations, shares, counts", nil},
	{"harness/suggest", "the nearest known name, for error messages", nil},
	{"harness/slo", "arithmetic: counts, exact bounds, histograms. No clock, no I/O", nil},
	{"stack/docker", "the reference platform in containers", []string{"stack", "fixtures"}},
	{"stack/docker/dockertest", "decides whether a test may skip for want of a container engine", []string{"stack/docker"}},
	{"stack/inproc", "the reference platform inside one process", []string{"stack", "stack/platform/..."}},
	{"stack/platform/...", "the reference platform's own programs and what they share", []string{"stack", "stack/platform/...", "fixtures/seed"}},
	{"stack/stacktest", "the conformance test that every backend passes", []string{"stack"}},
	{"stack", "what a stack is: Stack, Component, Replica, Node; the reference topology", nil},
	{"fixtures", "embedded inputs: configuration of HAProxy and Prometheus, image recipes", nil},
	{"fixtures/seed", "the shop's items", nil},
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
	{module: "github.com/google/go-cmp", why: "tests only"},
	{module: "github.com/google/renameio/v2", packages: []string{"reports"}},
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
	{module: "go.etcd.io/etcd/client/v3", packages: []string{"harness/observe", "stack/platform/registry"}, why: "two sides of one wire: the platform registers, the harness watches; neither may import the other"},
	{module: "go.etcd.io/etcd/api/v3", packages: []string{"stack/platform/registry"}},
	{module: "go.uber.org/goleak", why: "tests only"},
	{module: "go.uber.org/zap", packages: []string{"harness/observe", "stack/platform/registry"}, why: "the type of the etcd client's logger"},
	{module: "go.yaml.in/yaml/v3", packages: []string{"harness/spec"}},
	{module: "golang.org/x/sync", packages: []string{"..."}, why: "the Go team's extension of `sync`"},
	{module: "golang.org/x/sys", packages: []string{"..."}, why: "the Go team's extension of `syscall`"},
	{module: "golang.org/x/term", packages: []string{"cmd/fournines"}},
	{module: "google.golang.org/grpc", packages: []string{"stack/platform/registry"}, why: "the type of the etcd client's dial options"},
	{module: "gonum.org/v1/gonum", packages: []string{"harness/slo"}},
	{module: "pgregory.net/rapid", why: "tests only"},
}
