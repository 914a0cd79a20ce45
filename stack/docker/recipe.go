package docker

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/certificate"
	"github.com/fournines/fournines/stack/platform/reference"
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
	databasePort     = 5432
	daemonPort       = 8730
	alertmanagerPort = 9093
	zookeeperPort    = 2181
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
	// device is what the volume is on; empty is a folder of the engine's.
	device string
	memory int64
	// cores is how much of a processor core the replica may use; 0 is all that
	// there is.
	cores float64
	// secrets names the environment variables that are given values of the
	// run, which nobody chose and no list of processes shows.
	secrets []string
	// environment holds further variables, as NAME=value.
	environment []string
	// drains is true for a program that goes on serving for a while when it is
	// asked to stop.
	drains bool
	// hosts are the names and addresses under which clients reach the replica
	// over TLS, those of the published ports among them; none for a replica
	// without certificates. secure is the published port with TLS.
	hosts  []string
	secure uint16
}

const mebibyte = 1 << 20

// recipes are the reference platform's replicas in the order in which they are
// best started: what takes longest, or is needed by the others, first.
func recipes(runID string, choices stack.Choices) []recipe {
	var out []recipe
	for _, part := range choices.Parts() {
		if part.Component == stack.Controller { // no container
			continue
		}
		for i := 1; i <= part.Replicas; i++ {
			r := recipe{name: part.ReplicaName(i), component: part.Component, node: part.Node(i)}
			switch part.Component {
			case stack.Etcd:
				r.etcd(runID, part)
				r.isRegistry(i == 1 && choices.RegisteredIn() == stack.Etcd)
			case stack.ZooKeeper:
				r.zookeeper(i, part)
				r.isRegistry(i == 1)
			case "edge":
				r.edge(choices)
			case stack.Prometheus:
				r.prometheus()
			case "db":
				r.database(choices)
			case stack.Backup:
				r.backup(choices)
			case stack.Alertmanager:
				r.alertmanager()
			case stack.Pager:
				r.pager()
			default:
				r.program(choices)
			}
			r.cores = choices.Cores[part.Component]
			out = append(out, r)
		}
	}
	watchAll(out)
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
	r.admin, r.readyPath = etcdClientPort, "/health"
	r.volume = "/data"
	r.memory = 256 * mebibyte
}

// databasePassword is the secret that the database's clients share with it.
const databasePassword = "FOURNINES_DB_PASSWORD"

// database runs PostgreSQL. Its port is not published: its clients are in the
// run's network.
func (r *recipe) database(choices stack.Choices) {
	r.own = true
	r.command = []string{"fournines", "platform", "db",
		"--name", r.name,
		"--port", fmt.Sprint(databasePort),
		"--admin", fmt.Sprintf(":%d", adminPort),
		"--data", "/data",
		"--scratch", "/scratch",
	}
	r.secrets = []string{databasePassword}
	if choices.Has(stack.Backup) {
		r.command = append(r.command,
			"--backup", fmt.Sprintf("http://backup:%d", adminPort),
			"--backup-daemon", fmt.Sprintf("backup:%d", daemonPort))
		r.secrets = append(r.secrets, backupPassword)
	}
	r.ports = map[uint16][]string{adminPort: {r.name}}
	r.admin, r.readyPath = adminPort, "/-/ready"
	r.volume, r.scratch = "/data", "/scratch"
	r.memory = 512 * mebibyte
}

// backupPassword is the secret that the database and its backup share.
const backupPassword = "FOURNINES_BACKUP_PASSWORD"

// backup is where the database's log and copies go. The port of its rsync
// daemon is not published.
func (r *recipe) backup(choices stack.Choices) {
	r.own = true
	r.command = []string{"fournines", "platform", "backup",
		"--name", r.name,
		"--admin", fmt.Sprintf(":%d", adminPort),
		"--daemon-port", fmt.Sprint(daemonPort),
		"--data", "/data",
		"--scratch", "/scratch",
		"--source", fmt.Sprintf("db:%d", databasePort),
	}
	if choices.Drill > 0 && choices.Has(stack.RestoreVerify) {
		r.command = append(r.command, "--drill", choices.Drill.String())
	}
	r.secrets = []string{backupPassword}
	r.ports = map[uint16][]string{adminPort: {r.name}}
	r.admin, r.readyPath = adminPort, "/-/ready"
	r.volume, r.scratch = "/data", "/scratch"
	r.memory = 512 * mebibyte
}

// program is one of the platform's own services.
func (r *recipe) program(choices stack.Choices) {
	r.own, r.drains = true, true
	r.command = []string{"fournines", "platform", r.component,
		"--name", r.name,
		"--node", r.node,
		"--listen", fmt.Sprintf(":%d", servicePort),
		"--admin", fmt.Sprintf(":%d", adminPort),
		"--registry", membersAddress(choices.RegisteredIn()),
	}
	if work := choices.Work[r.component]; work > 0 {
		r.command = append(r.command, "--work", work.String())
	}
	switch r.component {
	case "orders":
		r.command = append(r.command, "--database", fmt.Sprintf("db:%d", databasePort))
		r.secrets = []string{databasePassword}
		fallthrough
	case "catalog":
		r.command = append(r.command, "--lease-ttl", registryLeaseTTL)
	}
	if reference.Follows(r.component) {
		r.command = append(r.command, "--config", "etcd:"+stack.ConfigRoot+r.component)
		if choices.RegisteredIn() != stack.Etcd {
			r.command = append(r.command, "--config-centre", membersAddress(stack.Etcd))
		}
	}
	if r.component == "gateway" && choices.Has(stack.TLS) {
		r.command = append(r.command, "--certificate", certificates+"/"+certificate.ServedFile)
		r.hosts = []string{r.name}
	}
	r.ports = map[uint16][]string{adminPort: {r.name}}
	if len(r.hosts) > 0 {
		r.ports[servicePort] = nil // for those who look at its certificate
		r.secure = servicePort
	}
	r.admin, r.readyPath = adminPort, "/-/ready"
	r.memory = 256 * mebibyte
}

// countOf counts the replicas of a component.
func countOf(all []recipe, component string) (n int) {
	for _, r := range all {
		if r.component == component {
			n++
		}
	}
	return n
}

// scheme is that of a port inside the container.
func (r recipe) scheme(port uint16) string {
	switch {
	case r.secure != 0 && port == r.secure:
		return "https://"
	case r.component == stack.ZooKeeper && port == zookeeperPort:
		return "zookeeper://"
	}
	return "http://"
}
