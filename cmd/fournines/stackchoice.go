package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/harness/suggest"
	"github.com/fournines/fournines/stack"
)

// Values of --stack.
const (
	stackAuto   = "auto"
	stackDocker = "docker"
	stackInproc = "inproc"
	// Prefixes of a stack that is up already.
	stackCompose = "compose:"
	stackKept    = "kept:"
)

// Banners that every report of a run on the in-process stack shows.
const (
	bannerAsked    = "IN-PROCESS STACK: gateway and catalog run inside fournines, without containers, etcd, HAProxy and Prometheus. This verdict says nothing about a platform in containers."
	bannerFallback = "NO CONTAINER ENGINE ANSWERED, so this ran on the IN-PROCESS STACK: gateway and catalog inside fournines, without containers, etcd, HAProxy and Prometheus. This verdict says nothing about a platform in containers. `fournines doctor` says what is missing."
)

// stackChoice is which stack a run uses and the warning that goes with it.
type stackChoice struct {
	kind, banner string
	// platform is how the reference platform in containers is built.
	platform stack.Choices
	// attached is the stack that is up already; nil when one is started.
	attached *attached
}

// word is the value of --stack that chooses the same again.
func (c stackChoice) word() string {
	if c.attached != nil {
		return c.attached.word
	}
	return c.kind
}

// targets is what faults can hit.
func (c stackChoice) targets() []harness.Target {
	if c.attached != nil {
		return rig.Targets(c.attached.stack)
	}
	targets := targetsOn(c.kind)
	if c.kind == stackDocker {
		targets = targetsOf(c.platform)
	}
	if !c.platform.Has(stack.Controller) {
		targets = slices.DeleteFunc(targets, func(t harness.Target) bool { return t.Component == stack.Controller })
	}
	return targets
}

// planned says for a dry run what would be started.
func (c stackChoice) planned() string {
	switch {
	case c.attached != nil:
		return "Stack: " + c.attached.String() + ", which is up already and stays up."
	case c.kind == stackDocker:
		return "Stack: the reference platform in containers; an engine answers."
	case c.banner == bannerAsked:
		return "Stack: the in-process stack, as --stack says, without containers, etcd, HAProxy and Prometheus."
	case c.kind == stackInproc:
		return "Stack: no container engine answers, so the in-process stack would be used: its verdict says nothing about a platform in containers."
	}
	return "Stack: no container engine answers, so a run here would start nothing and end with exit code 4; --stack inproc runs without containers."
}

// checkStack refuses a value of --stack that does not exist.
func checkStack(name string) error {
	kinds := []string{stackAuto, stackDocker, stackInproc}
	for _, k := range kinds {
		if name == k {
			return nil
		}
	}
	for _, prefix := range []string{stackCompose, stackKept} {
		if what, ok := strings.CutPrefix(name, prefix); ok && what != "" {
			return nil
		}
	}
	return usage(fmt.Errorf("--stack %q: want %s, %sPROJECT or %sRUN%s", name, strings.Join(kinds, ", "), stackCompose, stackKept, suggest.DidYouMean(name, kinds)))
}

// chooseStack decides between containers and the in-process stack. Only a
// person's own first run may fall back when no engine answers: a suite, a CI
// runner and an explicit --stack docker never get a verdict about something
// else than they asked for.
func chooseStack(name string, interactive bool, engine func() error) (stackChoice, error) {
	if name == stackInproc {
		return stackChoice{kind: stackInproc, banner: bannerAsked}, nil
	}
	err := engine()
	switch {
	case err == nil:
		return stackChoice{kind: stackDocker}, nil
	case name == stackAuto && interactive:
		return stackChoice{kind: stackInproc, banner: bannerFallback}, nil
	}
	return stackChoice{}, environment(fmt.Errorf("%w\nNothing was started. `fournines run --stack inproc` does without containers", err))
}
