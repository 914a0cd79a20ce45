package docker

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/stack"
)

// Ports inside the containers.
const (
	etcdClientPort   = 2379
	etcdPeerPort     = 2380
	servicePort      = 8080
	adminPort        = 9090
	edgePort         = 8080
	edgeStatsPort    = 8404
	prometheusPort   = 9090
	registryLeaseTTL = "2s"
)

// recipe says how one replica is run.
type recipe struct {
	name, component, node string
	// own is true for the platform's own programs, which are in the platform
	// image; the others are in the packages image.
	own     bool
	command []string
	// ports maps each published port inside the container to the endpoint
	// names under which Stack.URL knows it.
	ports map[uint16][]string
	// admin is the published port that answers readiness at readyPath.
	admin     uint16
	readyPath string
	// volume is a directory that outlives the container's process; scratch is
	// one that does not, and lies in memory. Either may be empty.
	volume, scratch string
	memory          int64
}

const mebibyte = 1 << 20

// recipes are the reference platform's replicas in the order in which they are
// best started: what takes longest, or is needed by the others, first.
func recipes(runID string) []recipe {
	var out []recipe
	for _, part := range stack.Reference() {
		for i := 1; i <= part.Replicas; i++ {
			r := recipe{name: part.ReplicaName(i), component: part.Component, node: part.Node(i)}
			switch part.Component {
			case "etcd":
				r.etcd(runID, part)
			case "edge":
				r.edge()
			case "prometheus":
				r.prometheus()
			default:
				r.program()
			}
			out = append(out, r)
		}
	}
	return out
}

func (r *recipe) etcd(runID string, part stack.Part) {
	var members []string
	for i := 1; i <= part.Replicas; i++ {
		name := part.ReplicaName(i)
		members = append(members, fmt.Sprintf("%s=http://%s:%d", name, name, etcdPeerPort))
	}
	// Members are a fraction of a millisecond apart: the default timing, made
	// for wide networks, would only make the loss of a leader longer. Writes
	// need not be synced: a member's data must survive its process, not the
	// machine.
	r.command = []string{"etcd", "--name", r.name,
		"--data-dir", "/data/etcd",
		"--listen-client-urls", fmt.Sprintf("http://0.0.0.0:%d", etcdClientPort),
		"--advertise-client-urls", fmt.Sprintf("http://%s:%d", r.name, etcdClientPort),
		"--listen-peer-urls", fmt.Sprintf("http://0.0.0.0:%d", etcdPeerPort),
		"--initial-advertise-peer-urls", fmt.Sprintf("http://%s:%d", r.name, etcdPeerPort),
		"--initial-cluster", strings.Join(members, ","),
		"--initial-cluster-token", runID,
		"--initial-cluster-state", "new",
		"--heartbeat-interval", "50",
		"--election-timeout", "500",
		"--pre-vote",
		"--unsafe-no-fsync",
		"--logger", "zap",
		"--log-level", "warn",
	}
	r.ports = map[uint16][]string{etcdClientPort: {r.name}}
	if r.name == part.ReplicaName(1) {
		r.ports[etcdClientPort] = append(r.ports[etcdClientPort], stack.Registry)
	}
	r.admin, r.readyPath = etcdClientPort, "/health"
	r.volume = "/data"
	r.memory = 256 * mebibyte
}

func (r *recipe) edge() {
	r.command = []string{"haproxy", "-db", "-f", "/etc/fournines/haproxy/haproxy.cfg"}
	// The one replica whose name means its traffic, not its admin port.
	r.ports = map[uint16][]string{edgePort: {stack.Edge}, edgeStatsPort: {stack.EdgeStats}}
	r.admin, r.readyPath = edgeStatsPort, "/-/ready"
	r.memory = 256 * mebibyte
}

func (r *recipe) prometheus() {
	r.command = []string{"prometheus",
		"--config.file=/etc/fournines/prometheus/prometheus.yml",
		"--storage.tsdb.path=/scratch",
		"--storage.tsdb.retention.time=2d",
		fmt.Sprintf("--web.listen-address=:%d", prometheusPort),
		"--log.format=json",
		"--log.level=warn",
	}
	r.ports = map[uint16][]string{prometheusPort: {stack.Prometheus}}
	r.admin, r.readyPath = prometheusPort, "/-/ready"
	r.scratch = "/scratch"
	r.memory = 1024 * mebibyte
}

// program is one of the platform's own services.
func (r *recipe) program() {
	r.own = true
	r.command = []string{"fournines", "platform", r.component,
		"--name", r.name,
		"--node", r.node,
		"--listen", fmt.Sprintf(":%d", servicePort),
		"--admin", fmt.Sprintf(":%d", adminPort),
		"--registry", registryAddress(),
	}
	if r.component == "catalog" {
		r.command = append(r.command, "--lease-ttl", registryLeaseTTL)
	}
	r.ports = map[uint16][]string{adminPort: {r.name}}
	r.admin, r.readyPath = adminPort, "/-/ready"
	r.memory = 256 * mebibyte
}

// registryAddress is the registry as the platform's programs are told it.
func registryAddress() string {
	var members []string
	for _, part := range stack.Reference() {
		for i := 1; part.Component == "etcd" && i <= part.Replicas; i++ {
			members = append(members, fmt.Sprintf("%s:%d", part.ReplicaName(i), etcdClientPort))
		}
	}
	return "etcd://" + strings.Join(members, ",")
}
