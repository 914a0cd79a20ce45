package docker

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// Labels that the owner of an attached stack sets.
const (
	// LabelAllowFaults is LabelAllowed on a container that may be broken.
	LabelAllowFaults = "io.fournines.allow-faults"
	LabelAllowed     = "true"
	// LabelReady is PORT/path: a port inside the container that is published
	// on a loopback address, and the page there that answers 200 to 299 when
	// the container is ready.
	LabelReady = "io.fournines.ready"
	// LabelNode is the failure domain that the container counts as part of.
	LabelNode = labelNode
)

// AttachOptions say what may be done to an attached stack.
type AttachOptions struct {
	// AllowFaults lets the containers that carry LabelAllowFaults be broken.
	// Without it the stack can only be looked at.
	AllowFaults bool
	// NoAgents keeps side containers from being started, for those who only
	// look.
	NoAgents bool
}

// attachment is what a Stack knows that was up before it came, and stays up
// when it goes.
type attachment struct {
	// name is the project or the run, source what kind of thing has that name.
	name, source string
	// kind is the stack's Kind.
	kind string
	// filters select the containers' events, label names a replica in one.
	filters client.Filters
	label   func(labels map[string]string) string
	allow   bool
}

// Member is a container of an attached stack.
type Member struct {
	// Replica, Component and Node are what scenarios call it.
	Replica, Component, Node string
	// Container is the engine's name for it, ID the engine's identity.
	Container, ID string
	Labels        map[string]string
}

// Allowed reports whether the container's owner lets it be broken.
func (m Member) Allowed() bool { return m.Labels[LabelAllowFaults] == LabelAllowed }

// Members are the containers of an attached stack in the order of Components;
// nil of a stack that was brought up.
func (s *Stack) Members() []Member {
	if s.attached == nil {
		return nil
	}
	var all []Member
	for _, m := range s.members {
		all = append(all, Member{
			Replica: m.Name(), Component: m.Component(), Node: m.Node(),
			Container: m.container, ID: m.ID(), Labels: m.labels,
		})
	}
	return all
}

// NotThere is the error of an attachment to something that is not on the
// engine.
type NotThere struct {
	// What is "compose project" or "kept stack".
	What, Name string
	// Known are those that are there.
	Known []string
}

func (e *NotThere) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("no %s %q on this engine, nor any other", e.What, e.Name)
	}
	return fmt.Sprintf("no %s %q on this engine: there is %s", e.What, e.Name, quotedList(e.Known))
}

func quotedList(names []string) string {
	text := ""
	for i, name := range names {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%q", name)
	}
	return text
}

// PrepareAgents makes sure that agents can be started beside the containers of
// an attached stack at once; else the first one waits until their image is
// made.
func (s *Stack) PrepareAgents(ctx context.Context, progress stack.Progress) error {
	cache, err := cacheDir()
	if err != nil {
		return err
	}
	report := reporter{progress}
	_, err = s.sidecars.hold(ctx, report, cache, func(ctx context.Context) ([]byte, error) { return s.engine.program(ctx, report, cache) })
	return err
}

// withoutAgents takes the side containers from a stack.
func (s *Stack) withoutAgents() {
	for _, m := range s.members {
		m.sidecars = nil
	}
}

// handOut is the replica as the stack's user gets it: one that must not be
// broken is shielded.
func (s *Stack) handOut(m *replica) stack.Replica {
	switch a := s.attached; {
	case a == nil:
		return m
	case !a.allow:
		return shielded{m, fmt.Sprintf("%s %q is attached read-only", a.source, a.name)}
	case m.labels[LabelAllowFaults] != LabelAllowed:
		return shielded{m, fmt.Sprintf("its container has no label %s=%s", LabelAllowFaults, LabelAllowed)}
	}
	return m
}

// attachedVersions are the engine's and the images'.
func (s *Stack) attachedVersions() map[string]string {
	versions := map[string]string{"engine": s.engine.version, "architecture": s.engine.arch}
	for _, m := range s.members {
		versions[m.Component()] = m.image
	}
	return versions
}

// containersWith are all containers with a label, running or not, by name.
func (e *engine) containersWith(ctx context.Context, label string) ([]candidate, error) {
	found, err := e.api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("label", label)})
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	var all []candidate
	for _, c := range found.Items {
		name := c.ID[:12]
		if len(c.Names) > 0 {
			name = c.Names[0][1:] // without the slash
		}
		all = append(all, candidate{id: c.ID, name: name, image: imageOf(c.Image, c.ImageID), labels: c.Labels, running: c.State == "running" || c.State == "paused"})
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(a.name, b.name) })
	return all, nil
}

// candidate is a container that may become a member.
type candidate struct {
	id, name, image string
	labels          map[string]string
	running         bool
}

// imageOf names an image by tag and content.
func imageOf(ref, id string) string {
	if ref == id || id == "" {
		return ref
	}
	return ref + " " + id
}
