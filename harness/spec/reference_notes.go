package spec

import (
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
)

// note is what the parser does not know of a field.
type note struct{ explain, bounds, standard, example string }

var (
	words     = fmt.Sprintf("lower-case words joined by hyphens, at most %d characters", harness.MaxName)
	stage     = "0s to " + brief(harness.MaxStage)
	orMore    = "0s or more"
	drills    = brief(harness.MinDrill) + " to " + brief(harness.MaxDrill)
	unchecked = "not checked"
)

// notes is by Field.Path.
var notes = map[string]note{
	"apiVersion":                         {"The version of this format.", "", "", APIVersion},
	"kind":                               {"What the file holds.", "", "", Kind},
	"metadata":                           {"What the scenario is called and where it belongs.", "", "", ""},
	"metadata.name":                      {"The scenario's name: test ID, report anchor, JUnit case.", words, "", "catalog-replica-kill"},
	"metadata.labels":                    {"Labels by key, each a value or a list of values.", fmt.Sprintf("a mapping, at most %d keys", maxItems), "none", ""},
	"metadata.labels.suite":              {"The suites that `fournines run --suite` takes the scenario into.", "", "none", "[smoke, pr]"},
	"metadata.labels.<key>":              {"A label of your own.", words, "", "etcd"},
	"hypothesis":                         {"One sentence that could turn out false.", fmt.Sprintf("at most %d characters", harness.MaxHypothesis), "", "killing one of three replicas costs readers nothing"},
	"stack":                              {"How the reference platform has to be built, beside how it always is.", "", "", ""},
	"stack.cores":                        {"How much of a processor core each replica of a component may use.", fmt.Sprintf("a mapping, at most %d keys", maxItems), "none", ""},
	"stack.cores.<component>":            {"Of this component.", "more than 0 to 64", "what there is", "0.1"},
	"stack.work":                         {"How much processor time each request to a component costs at least.", fmt.Sprintf("a mapping, at most %d keys", maxItems), "none", ""},
	"stack.work.<component>":             {"Of this one, catalog or orders.", "10µs to 1s", "what it takes", "3ms"},
	"stack.autoscale":                    {"Which components have as many replicas as their load asks for.", fmt.Sprintf("a mapping, at most %d keys", maxItems), "none", ""},
	"stack.autoscale.<component>":        {"How the controller changes the number of this one, catalog or orders.", "", "", ""},
	"stack.autoscale.<component>.metric": {"What of the replicas is compared with target.", "", "", "cpu"},
	"stack.autoscale.<component>.target": {"What their mean should be: a share of what each may use, or requests of each.", "above 0% to 100%, or from 1/s", "", "70%"},
	"stack.autoscale.<component>.min":    {"The fewest there are.", "from the number that the platform starts with", "that number", "3"},
	"stack.autoscale.<component>.max":    {"The most there are.", "min to 16", "twice min", "6"},
	"stack.autoscale.<component>.window": {"How long fewer have to be enough before any is removed.", orMore, "15s", "30s"},
	"stack.clientRate":                   {"The most requests that the gateways take from one client; more is refused with 429.", fmt.Sprintf("1/s to %d/s", harness.MaxRate), "2000/s", "300/s"},
	"stack.drill":                        {"How often the backup tries to restore what it has.", drills, "10m", "30s"},
	"load":                               {"Open-loop traffic: requests are sent on schedule, however slow the answers are.", "", "", ""},
	"load.rate":                          {"Requests per second (or minute, or hour).", fmt.Sprintf("more than 0/s to %d/s", harness.MaxRate), "", "300/s"},
	"load.mix":                           {"What is sent to the reference platform: browse reads, shop also orders. Either mix or url.", "", "none", "browse"},
	"load.url":                           {"The page of an attached stack that is requested, in place of mix.", "an http or https URL on this machine, or on a host of --allow-host", "none", "http://127.0.0.1:8088/"},
	"load.expect":                        {"The status of a right answer of url.", "100 to 599", "any of 200 to 299", "204"},
	"load.timeout":                       {"How long one request may take before it is given up and counts as failed.", "more than 0s to " + brief(harness.MaxTimeout), DefaultTimeout.String(), "2s"},
	"steady":                             {"Traffic without a fault, before one is injected.", "", "", ""},
	"steady.for":                         {"The length of Baseline, which is judged when there is no fault.", stage, DefaultBaseline.String(), "10s"},
	"steady.warmup":                      {"Traffic before it that is not judged.", stage, DefaultWarmup.String(), "2s"},
	"disruption":                         {"The stage in which faults are in effect. Only with faults.", "", "for " + DefaultDisruption.String() + " with faults", ""},
	"disruption.for":                     {"Its length.", "more than 0s to " + brief(harness.MaxStage), "", "20s"},
	"recovery":                           {"The stage after the faults were removed. Only with faults.", "", "for " + DefaultRecovery.String() + " with faults", ""},
	"recovery.for":                       {"Its length. Service counts as restored once it was good for 10s: less than that proves no recovery.", stage, "", "15s"},
	"faults":                             {"A list of what is broken on purpose. Without it the undisturbed stack is judged.", fmt.Sprintf("a list, at most %d entries", maxItems), "none", ""},
	"faults[].action":                    {"What is done; `fournines explain ACTION` says how it works, is proved and undone.", "", "", "container-kill"},
	"faults[].target":                    {"The replicas that are hit. Every action but noop needs it, with either a component or a node.", "", "", ""},
	"faults[].target.component":          {"A component of the stack; which of its replicas are hit is drawn from the seed.", "", "", "catalog"},
	"faults[].target.node":               {"A node of the stack, or several with commas between them: whatever is placed on them.", "", "", "b"},
	"faults[].target.mode":               {"How many of the matching replicas are hit; see target modes below.", "", string(DefaultMode) + " unless the action has another one, as the faults of nodes have all", "one"},
	"faults[].target.value":              {"The number for mode fixed, the percentage for the percent modes; not with other modes.", "1 or more, or above 0% to 100%", "", "50%"},
	"faults[].at":                        {"When it is injected, counted from the start of the disruption.", "0s to less than the disruption's length", "0s", "5s"},
	"faults[].duration":                  {"How long it stays in effect.", "ends within the disruption; at most " + brief(harness.MaxFault), "until the end of the disruption", "10s"},
	"slo":                                {"The objective: how good the service promises to be. Either availability and latency, or openslo.", "", "", ""},
	"slo.openslo":                        {"A file of OpenSLO v1 documents beside the scenario, in place of the other fields.", "", "", "slo.yaml"},
	"slo.availability":                   {"The share of requests that are good.", "above 0% and below 100%", "", "99.99%"},
	"slo.latency":                        {"How fast answers have to be.", "", "", ""},
	"slo.latency.bound":                  {"A slower answer counts as failed.", orMore, "0s: no bound but load.timeout", "1s"},
	"slo.latency.p50":                    {"The most that half of the answers may take.", "more than 0s", unchecked, "20ms"},
	"slo.latency.p90":                    {"The most that 90% of the answers may take.", "more than 0s", unchecked, "100ms"},
	"slo.latency.p99":                    {"The most that 99% of the answers may take.", "more than 0s", unchecked, "250ms"},
	"slo.latency.p99.9":                  {"The most that 99.9% of the answers may take.", "more than 0s", unchecked, "500ms"},
	"slo.latency.max":                    {"The most that any answer may take.", "more than 0s", unchecked, "1s"},
	"slo.burst":                          {"How many requests one cause of failure costs at most, from history: failures that come together count as one.", "0 or from 1", "0: not known", "20"},
	"limits":                             {"What one injection may cost at most.", "", "", ""},
	"limits.failed":                      {"Failed requests as a share of all in disruption and recovery.", "", unchecked, "0.01%"},
	"limits.downtime":                    {"Time in which the service was down.", orMore, unchecked, "100ms"},
	"limits.detection":                   {"From the fault's effect until something in the platform notices.", orMore, unchecked, "2s"},
	"limits.diagnosis":                   {"From detection until something names what is broken.", orMore, unchecked, "3s"},
	"limits.repair":                      {"From diagnosis until the platform has repaired itself.", orMore, unchecked, "4s"},
	"limits.recovery":                    {"The sum of detection, diagnosis, repair and data recovery.", orMore, unchecked, "10s"},
	"limits.lostWrites":                  {"Writes that were acknowledged and then lost. Needs mix shop, as the next three.", "0 or more", unchecked, "0"},
	"limits.duplicatedWrites":            {"Copies of a write beyond the first.", "0 or more", unchecked, "0"},
	"limits.phantomWrites":               {"Writes that are found although they were rejected, or that nobody sent like that.", "0 or more", unchecked, "0"},
	"limits.rpo":                         {"From the last write kept before the first lost one until the newest lost one.", orMore, unchecked, "0s"},
	"limits.verifiedRestore":             {"From the first fault's effect until the backup has restored a copy and found it the same.", orMore, unchecked, "60s"},
	"limits.scaleOut":                    {"From the first fault's effect until a replica that the controller added takes up requests.", orMore, unchecked, "30s"},
	"safety":                             {"When the trial is given up because its fault does too much harm. Only with faults; off never gives up.", "", "bad 50% for 3s longer than the limits allow", "off"},
	"safety.bad":                         {"The share of failed requests that is exceeded in every second.", "above 0% to 100%", "", "20%"},
	"safety.for":                         {"For how long.", "more than 0s to " + brief(harness.MaxStage), "", "3s"},
	"risk":                               {"How often such a fault happens in a year.", "", "none", ""},
	"risk.class":                         {"A row of the risk catalogue.", words, "", "process-crash"},
	"trials":                             {"How many injections each suite asks for.", "", "", ""},
	"trials.smoke":                       {"Trials in suite smoke.", trialsRange, "1", "1"},
	"trials.pr":                          {"Trials in suite pr.", trialsRange, "1", "5"},
	"trials.nightly":                     {"Trials in suite nightly.", trialsRange, "1", "16"},
	"trials.release":                     {"Trials in suite release.", trialsRange, "1", "33"},
}

// noteOf is what the parser does not know of the field at path: for a parameter
// of actions what they say themselves.
func noteOf(path string) note {
	if n, ok := notes[path]; ok {
		return n
	}
	name, _ := strings.CutPrefix(path, paramPath)
	n := note{}
	var of []string
	for _, k := range fault.Catalogue() {
		if p, ok := k.Param(name); ok {
			of = append(of, k.Action)
			n = note{p.Explain, "", p.Default, p.Example}
		}
	}
	if len(of) == 0 {
		return n
	}
	switch first := of[0]; len(of) {
	case 1:
		n.explain = "Of " + first + ": " + n.explain + "."
	default: // each explains its own, with a default of its own
		n = note{explain: "A parameter of " + strings.Join(of, ", ") + "; `fournines explain ACTION` says more.", example: n.example}
	}
	return n
}

// paramPath is where the parameters of actions stand.
const paramPath = "faults[]."

// brief is d without the zeros that time.Duration ends in: 24h, 2m.
func brief(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

var trialsRange = fmt.Sprintf("1 to %d", harness.MaxTrials)

// ModeNotes says what each of harness.Modes does, by its name.
func ModeNotes() map[string]string {
	return map[string]string{
		string(harness.One):              "one replica; takes no value",
		string(harness.All):              "every replica, in the order of their names, and the only mode that may take a component's last one; takes no value",
		string(harness.Fixed):            "as many replicas as value says: `mode: fixed, value: 2`",
		string(harness.FixedPercent):     "value percent of the replicas, to the nearest whole number: `mode: fixed-percent, value: 50%`",
		string(harness.LeaderMode):       "the replica that the stack says leads the others, asked right before each trial; takes no value",
		string(harness.FollowerMode):     "one replica that the stack says follows a leader, asked right before each trial; takes no value",
		string(harness.Minority):         "the largest number of replicas below half: one of three, two of five; takes no value",
		string(harness.Majority):         "the smallest number of replicas above half: two of three, three of five; takes no value",
		string(harness.RandomMaxPercent): "at least one and at most value percent of the replicas, drawn from the seed: `mode: random-max-percent, value: 67%`",
	}
}
