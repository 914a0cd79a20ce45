package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack/docker"
)

// admit refuses faults that may not hit an attached stack, before anything is
// touched. A person at a terminal may confirm a denied name by typing it.
func (a *app) admit(f runFlags, there *attached, plans []harness.Plan) error {
	if there == nil {
		return nil
	}
	g := newGate(f.radiusFlags, there, plans)
	if g.marked() && f.yesBreak == "" && len(g.missing()) == 0 && a.place.live && isTerminal(a.in) {
		g.confirmed = a.ask(g)
	}
	if err := g.refusal(); err != nil {
		return usage(err)
	}
	if err := holdTo(f.caps(true), plans, there.targets()); err != nil {
		return usage(fmt.Errorf("%s was not touched: %w", there, err))
	}
	return there.fit(plans, f.allowHosts)
}

// holdTo makes caps those of all plans, and refuses plans that go beyond them:
// one that is read from a file was held to whatever it says itself.
func holdTo(caps harness.Caps, plans []harness.Plan, targets []harness.Target) error {
	for i := range plans {
		p := &plans[i]
		p.Caps = caps
		for j, inj := range p.Injections {
			for _, left := range p.Leaves(j, targets) {
				if left.Hit > left.Limit {
					return fmt.Errorf("scenario %q, trial %d: %s would hit %d of %d replicas of %q at once: want at most %d (%s)",
						p.Scenario.Name, p.Trial, inj.Action, left.Hit, left.Replicas, left.Component, left.Limit, caps)
				}
			}
		}
	}
	return nil
}

// ask has a person type the name of what is to be broken.
func (a *app) ask(g gate) string {
	fmt.Fprintf(a.err, "%s looks like something that must not be broken: %s.\nType its name to break it all the same: ", g.title, strings.Join(g.marks, ", "))
	line, _ := bufio.NewReader(io.LimitReader(a.in, 1024)).ReadString('\n') // no answer is a no
	return strings.TrimRight(line, "\r\n")
}

// gate is what stands between plans and an attached stack.
type gate struct {
	name, title string
	allow       bool
	// confirmed is the name that was typed.
	confirmed string
	// marks are why the stack looks as if it must not be broken.
	marks []string
	// faults are the actions that the plans hold, those without a target too;
	// hits are the containers that they could break.
	faults []string
	hits   []hit
}

// hit is one container that could be broken, and by what.
type hit struct {
	docker.Member
	actions []string
}

func (h hit) String() string {
	return fmt.Sprintf("%s (container %s, %s) by %s", h.Replica, h.Container, shortID(h.ID), strings.Join(h.actions, ", "))
}

func newGate(f radiusFlags, there *attached, plans []harness.Plan) gate {
	members := there.stack.Members()
	return gate{
		name: there.name, title: there.String(), allow: f.allowFaults, confirmed: f.yesBreak,
		marks: marks(there.name, members, append(denied(), f.deny...)), faults: faultsOf(plans), hits: hitsOf(plans, members),
	}
}

// faultsOf are the actions of all plans that do something, each once.
func faultsOf(plans []harness.Plan) []string {
	var actions []string
	for _, p := range plans {
		for _, inj := range p.Injections {
			if inj.Action != harness.NoopAction && !slices.Contains(actions, inj.Action) {
				actions = append(actions, inj.Action)
			}
		}
	}
	return actions
}

// hitsOf are the members that the plans could break, in their order.
func hitsOf(plans []harness.Plan, members []docker.Member) []hit {
	var hits []hit
	for _, m := range members {
		h := hit{Member: m}
		for _, p := range plans {
			for _, inj := range p.Injections {
				aimed := slices.Contains(inj.Targets, m.Replica) || slices.Contains(inj.Open, m.Replica)
				if aimed && !harness.Targetless(inj.Action) && !slices.Contains(h.actions, inj.Action) {
					h.actions = append(h.actions, inj.Action)
				}
			}
		}
		if len(h.actions) > 0 {
			hits = append(hits, h)
		}
	}
	return hits
}

// marked reports whether a typed confirmation is needed.
func (g gate) marked() bool { return len(g.faults) > 0 && len(g.marks) > 0 }

// missing is what else is needed before the faults may be injected, one
// sentence each.
func (g gate) missing() []string {
	var problems []string
	if len(g.faults) > 0 && !g.allow {
		problems = append(problems, "it is attached read-only: add --allow-faults to break it")
	}
	for _, h := range g.hits {
		if !h.Allowed() {
			problems = append(problems, fmt.Sprintf("container %q does not carry the opt-in label: want %s=%s, saw %s; add it and start the container anew",
				h.Container, docker.LabelAllowFaults, docker.LabelAllowed, labelText(h.Labels)))
		}
	}
	return problems
}

func labelText(labels map[string]string) string {
	if v, ok := labels[docker.LabelAllowFaults]; ok {
		return fmt.Sprintf("%q", v)
	}
	return "none"
}

// unconfirmed is what is wrong with the typed confirmation; "" when nothing.
func (g gate) unconfirmed() string {
	switch {
	case g.confirmed == g.name:
		return ""
	case g.confirmed != "":
		return fmt.Sprintf("the name that was typed is %q: want exactly %q", g.confirmed, g.name)
	case g.marked():
		return fmt.Sprintf("it looks like something that must not be broken, by %s: add --yes-break %s to break it all the same", strings.Join(g.marks, ", "), g.name)
	}
	return ""
}

// refusals are all reasons against injecting the faults.
func (g gate) refusals() []string {
	all := g.missing()
	if why := g.unconfirmed(); why != "" {
		all = append(all, why)
	}
	return all
}

// refusal is nil when the faults may be injected.
func (g gate) refusal() error {
	all := g.refusals()
	if len(all) == 0 {
		return nil
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s was not touched:", g.title)
	for _, why := range all {
		fmt.Fprintf(&text, "\n  %s", why)
	}
	switch {
	case len(g.hits) > 0:
		text.WriteString("\nA run would break:")
	case len(g.faults) > 0:
		fmt.Fprintf(&text, "\nA run would inject %s.", strings.Join(g.faults, ", "))
	}
	for _, h := range g.hits {
		fmt.Fprintf(&text, "\n  %s", h)
	}
	return errors.New(text.String())
}
