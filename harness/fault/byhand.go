package fault

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/bandwidth"
	"github.com/fournines/fournines/harness/agent/descriptors"
	"github.com/fournines/fournines/harness/agent/limit"
	"github.com/fournines/fournines/harness/agent/netem"
)

// What is typed by hand is the last resort: it needs neither a journal nor a
// harness, only the engine and, but for what an agent restores, root on its
// machine. Every command does nothing when there is nothing to restore.

// byHand makes the commands that restore what was before spec was applied to a
// container.
type byHand func(id string, spec agent.Spec, before map[string]string) []string

const (
	// healFirst undoes everything that a journal knows of, as it should be.
	healFirst = "fournines heal"
	// agentStops is how many seconds an agent has to undo what it holds.
	agentStops = 25
)

// mainPID sets p to the container's main process on the engine's machine.
func mainPID(id string) string { return "p=$(docker inspect -f '{{.State.Pid}}' " + id + ")" }

// inNetwork runs a command in the network namespace of p.
const inNetwork = `nsenter -t "$p" -n `

// bandwidthByHand takes away the token buckets, and the interfaces that what
// came in was led through.
func bandwidthByHand(id string, _ agent.Spec, before map[string]string) []string {
	commands := []string{mainPID(id)}
	for _, device := range slices.Sorted(maps.Keys(before)) {
		commands = append(commands,
			inNetwork+"tc qdisc del dev "+quoted(device)+" root handle 4e39: 2>/dev/null",
			inNetwork+"tc qdisc del dev "+quoted(device)+" ingress 2>/dev/null")
	}
	return append(commands, removeDevices(bandwidth.DetourPrefix+"[0-9]*"))
}

// shapeByHand takes away what led packets to netem, and its device. A queue is
// gone with its agent.
func shapeByHand(id string, spec agent.Spec, before map[string]string) []string {
	if before["way"] != "netem" {
		return nil
	}
	return []string{
		mainPID(id),
		inNetwork + `ip -o link | sed -n 's/^\(` + strings.ReplaceAll(before["devices"], ",", `\|`) + `\): \([^:@]*\).*/\2/p' | xargs -r -I{} ` + inNetwork + "tc qdisc del dev {} ingress 2>/dev/null",
		removeDevices(netem.Prefix + spec.Args["number"]),
	}
}

// removeDevices removes those in the namespace of p whose whole name fits.
func removeDevices(pattern string) string {
	return inNetwork + "ip -br link show type ifb | grep -o '^" + pattern + "\\b' | xargs -r -n 1 " + inNetwork + "ip link del"
}

// limitByHand writes the files of a control group, of either version and
// whichever driver made it.
func limitByHand(id string, _ agent.Spec, before map[string]string) (commands []string) {
	for _, file := range limit.Files() {
		if value, ok := before[file]; ok {
			commands = append(commands, fmt.Sprintf(`find /sys/fs/cgroup \( -path '*%s/%s' -o -path '*%s.scope/%s' \) -exec sh -c 'echo "$1" > "$2"' - %s {} \;`,
				id, file, id, file, quoted(value)))
		}
	}
	return commands
}

// descriptorsByHand restores the limit of the main process.
func descriptorsByHand(id string, _ agent.Spec, before map[string]string) []string {
	return []string{mainPID(id), fmt.Sprintf(`prlimit --pid "$p" --nofile=%s:%s`, before[descriptors.Soft], before[descriptors.Hard])}
}

// pauseByHand lets all processes go on.
func pauseByHand(id string, _ agent.Spec, _ map[string]string) []string {
	return []string{"docker top " + id + " -o pid | tail -n +2 | xargs -r kill -CONT"}
}

// agentByHand lets an agent restore it that nobody leads. It has the target's
// shares and capabilities.
func agentByHand(shares, capabilities string) byHand {
	return func(id string, spec agent.Spec, before map[string]string) []string {
		doing, _ := json.Marshal(spec) // texts by texts
		was, _ := json.Marshal(before)
		return []string{"docker run --rm --network none --read-only --security-opt no-new-privileges --cap-drop ALL " + capabilities + " " + shares + id +
			" $(docker images -q fournines-agent | head -n 1) /usr/local/bin/fournines agent --restore " + quoted(string(doing)) + " --before " + quoted(string(was))}
	}
}

// quoted is a word for a shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
