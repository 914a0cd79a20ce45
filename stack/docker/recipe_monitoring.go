package docker

import (
	"encoding/json"
	"fmt"

	"github.com/fournines/fournines/stack"
)

// targetsVariable is the environment variable that tells Prometheus what to
// scrape, as JSON in the form of its file_sd_configs.
const targetsVariable = "PROMETHEUS_TARGETS"

// prometheus writes down what it is to scrape before it starts: which replicas
// there are is known here and nowhere else.
func (r *recipe) prometheus() {
	r.command = []string{"sh", "-c", `printf %s "$` + targetsVariable + `" > /scratch/targets.json && exec "$@"`, "sh",
		"prometheus",
		"--config.file=/etc/fournines/prometheus/prometheus.yml",
		"--storage.tsdb.path=/scratch/data",
		"--storage.tsdb.retention.time=2d",
		fmt.Sprintf("--web.listen-address=:%d", prometheusPort),
		// How often Alertmanager is reminded: one that was away learns of what
		// is firing within this time, and takes four times as long to believe
		// that all is well when Prometheus is away.
		"--rules.alert.resend-delay=5s",
		"--log.format=json",
		"--log.level=warn",
	}
	r.ports = map[uint16][]string{prometheusPort: {stack.Prometheus}}
	r.admin, r.readyPath = prometheusPort, "/-/ready"
	r.scratch = "/scratch"
	r.memory = 1024 * mebibyte
}

// alertmanager is on its own: without a cluster it waits for no peer before it
// notifies.
func (r *recipe) alertmanager() {
	r.command = []string{"prometheus-alertmanager",
		"--config.file=/etc/fournines/alertmanager/alertmanager.yml",
		"--storage.path=/scratch",
		"--cluster.listen-address=",
		fmt.Sprintf("--web.listen-address=:%d", alertmanagerPort),
		"--log.format=json",
		"--log.level=info",
	}
	r.ports = map[uint16][]string{alertmanagerPort: {stack.Alertmanager}}
	r.admin, r.readyPath = alertmanagerPort, "/-/ready"
	r.scratch = "/scratch"
	r.memory = 128 * mebibyte
}

// pager is where Alertmanager's webhook ends.
func (r *recipe) pager() {
	r.own = true
	r.command = []string{"fournines", "platform", "pager",
		"--name", r.name,
		"--listen", fmt.Sprintf(":%d", servicePort),
		"--admin", fmt.Sprintf(":%d", adminPort),
	}
	r.ports = map[uint16][]string{adminPort: {stack.Pager}}
	r.admin, r.readyPath = adminPort, "/-/ready"
	r.memory = 128 * mebibyte
}

// scrape is one entry of a file for file_sd_configs.
type scrape struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// watchAll makes Prometheus scrape every replica: each has its metrics at
// /metrics of the port that says whether it is ready.
func watchAll(all []recipe) {
	var targets []scrape
	for _, r := range all {
		labels := map[string]string{"replica": r.name, "component": r.component}
		if r.node != "" {
			labels["node"] = r.node
		}
		targets = append(targets, scrape{[]string{fmt.Sprintf("%s:%d", r.name, r.admin)}, labels})
	}
	text, err := json.Marshal(targets)
	if err != nil {
		panic(err) // strings alone
	}
	for i := range all {
		if all[i].component == stack.Prometheus {
			all[i].environment = append(all[i].environment, targetsVariable+"="+string(text))
		}
	}
}
