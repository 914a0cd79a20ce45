package docker

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/certificate"
)

// edge is where clients send their requests. Its certificates are the same
// whatever it is made of.
func (r *recipe) edge(choices stack.Choices) {
	if choices.Has(stack.TLS) {
		r.hosts, r.secure = []string{r.name, "localhost", loopback.String()}, edgePort
	}
	r.scratch = "/scratch"
	r.admin, r.readyPath = edgeStatsPort, "/-/ready"
	r.memory = 256 * mebibyte
	if choices.Edge == stack.Nginx {
		r.nginx(choices)
		return
	}
	r.haproxy(choices)
}

func (r *recipe) haproxy(choices stack.Choices) {
	// The configuration gives the others the weight that they have anyway.
	first := choices.Weights()[firstGateway]
	r.environment = []string{"EDGE_BALANCE=" + balances()[cmp.Or(choices.Balance, stack.RoundRobin)], fmt.Sprintf("EDGE_FIRST_WEIGHT=%d", first)}
	if choices.Has(stack.TLS) {
		r.environment = append(r.environment, "EDGE_TLS=1")
	}
	// The servers' states are for a worker that takes over; the first one finds
	// a file without any.
	r.command = []string{"sh", "-c", "echo 1 > /scratch/servers.state && exec haproxy -W -db -f /etc/fournines/haproxy/haproxy.cfg"}
	// The one replica whose name means its traffic, not its admin port.
	r.ports = map[uint16][]string{edgePort: {stack.Edge}, edgeStatsPort: {stack.EdgeStats}}
}

// firstGateway is the one that may have another weight than the others.
const firstGateway = "gateway-1"

// balances are the ways to balance in HAProxy's words.
func balances() map[string]string {
	return map[string]string{
		stack.RoundRobin: "roundrobin", stack.Weighted: "roundrobin", stack.Random: "random", stack.LeastConn: "leastconn",
	}
}

// nginx is run by one of the platform's own programs, which renders its
// configuration.
func (r *recipe) nginx(choices stack.Choices) {
	r.own = true
	r.command = []string{"fournines", "platform", nginxProgram,
		"--name", r.name,
		"--listen", fmt.Sprint(edgePort),
		"--admin", fmt.Sprintf(":%d", edgeStatsPort),
		"--balance", cmp.Or(choices.Balance, stack.RoundRobin),
	}
	weights := choices.Weights()
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		r.command = append(r.command, "--gateway", fmt.Sprintf("%s:%d=%d", name, servicePort, weights[name]))
	}
	if choices.Has(stack.TLS) {
		r.command = append(r.command, "--certificate", certificates+"/"+certificate.ServedFile, "--authority", certificates+"/"+certificate.AuthorityFile)
	}
	r.ports = map[uint16][]string{edgePort: {stack.Edge}, edgeStatsPort: {stack.EdgeAdmin}}
}

// nginxProgram is the program of the platform that runs nginx.
const nginxProgram = "edge"
