// Package fault holds what can be broken on purpose: one fault per file, each
// over a tiny interface that it declares itself. A replica of any stack
// happens to satisfy them.
package fault

import (
	"slices"

	"github.com/fournines/fournines/harness"
)

// Kind describes one action that a scenario's faults may name.
type Kind struct {
	// Action is the name in scenario files: "container-kill".
	Action string
	// Summary is half a sentence for lists: "kill a replica's main process".
	Summary string
	// Explain says in a few sentences what happens, Proof how its effect is
	// seen from outside, and Undone how it ends.
	Explain, Proof, Undone string
	// Method says by what means it is applied: "the container engine freezes
	// the container". Empty where Explain says it.
	Method string
	// Class decides which other faults may be in effect on the same replica at
	// the same time (see Overlap); empty is Exclusive.
	Class Class
	// Example is one entry of a scenario's faults, in YAML.
	Example string
	// Params are the action's own parameters.
	Params []Param
	// Targetless is true for an action that hits nothing.
	Targetless bool
	// WholeNodes is true for an action that hits whole nodes: everything that
	// is placed on them.
	WholeNodes bool
	// DefaultMode is how many of the matching replicas are hit when a scenario
	// does not say; empty means one, or all for WholeNodes.
	DefaultMode harness.Mode

	// check returns nil when parameters that are allowed each by itself are
	// allowed together. It may be nil.
	check func(v Values) error
	bind  func(b Binding) (harness.Fault, error)
}

// Check returns nil when the parameters as written are allowed; else all that
// is wrong with them.
func (k Kind) Check(written Values) error {
	_, err := k.complete(written)
	return err
}

// Catalogue returns every kind there is, in the order of listings. The caller
// owns it.
func Catalogue() []Kind {
	return []Kind{
		noop(),
		containerKill(), containerStop(), containerPause(), containerRestart(), containerRemove(), networkDisconnect(),
		processKill(), processPause(), processCrashLoop(),
		nodeStop(), nodePause(), nodeIsolate(), nodeDrain(), zoneOutage(),
		leaderKill(), quorumLoss(), leaseExpiry(), staleRegistration(),
		edgeReload(), lbWeightSkew(), certExpired(), certWrongHost(), certRotate(),
		prometheusKill(), scrapeOutage(), alertmanagerKill(),
		partition(), blackhole(), resetPeer(), flap(), registryPartition(), watchLost(), bandwidthLimit(),
		httpDelay(), httpAbort(), httpBody(),
		delay(), loss(), duplicate(), corrupt(), reorder(),
		cpuThrottle(), cpuHog(), memoryLimit(), memoryHog(), pidExhaustion(), fdExhaustion(), clockOffset(), diskFill(), ioThrottle(), ioStall(), fileCorrupt(), fileTruncate(),
		dnsError(), dnsSpoof(),
		badConfigRollout(), rateLimitTooLow(), configCentreOutage(),
		dataLoss(), dataCorrupt(), backupOutage(), backupCorrupt(), backupSlow(), walGap(),
		trafficSpike(), retryStorm(), connectionChurn(), slowClients(),
	}
}

// Actions returns the names of all kinds.
func Actions() []string {
	var all []string
	for _, k := range Catalogue() {
		all = append(all, k.Action)
	}
	return all
}

// Lookup finds the kind with the given action.
func Lookup(action string) (Kind, bool) {
	for _, k := range Catalogue() {
		if k.Action == action {
			return k, true
		}
	}
	return Kind{}, false
}

// Param finds the parameter with the given name.
func (k Kind) Param(name string) (Param, bool) {
	i := slices.IndexFunc(k.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return Param{}, false
	}
	return k.Params[i], true
}

// ParamNames returns the names of all parameters.
func (k Kind) ParamNames() []string {
	var all []string
	for _, p := range k.Params {
		all = append(all, p.Name)
	}
	return all
}
