package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// Labels that compose gives its containers.
const (
	composeProject = "com.docker.compose.project"
	composeService = "com.docker.compose.service"
	composeNumber  = "com.docker.compose.container-number"
	// composeOneOff is "True" on a container of `docker compose run`.
	composeOneOff = "com.docker.compose.oneoff"
)

// AttachCompose joins a compose project that runs already: its services are
// the components, its containers the replicas, "web-1" by the container's
// number. Containers of `docker compose run` and services that have done their
// work (all containers ended with exit code 0) are left out. A container that
// is down is a replica that is down.
//
// The containers are those of now: one that compose makes anew later is not
// the replica that was attached. Down removes nothing.
func AttachCompose(ctx context.Context, project string, opts AttachOptions) (_ *Stack, err error) {
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	s := &Stack{engine: e, sidecars: attachedSidecars(e), attached: &attachment{
		name: project, source: "compose project", kind: stack.ComposeKind, allow: opts.AllowFaults,
		filters: make(client.Filters).Add("label", composeProject+"="+project), label: composeReplica,
	}}
	if err := s.joinCompose(ctx, project); err != nil {
		return nil, errors.Join(err, e.close())
	}
	if opts.NoAgents {
		s.withoutAgents()
	}
	return s, nil
}

func (s *Stack) joinCompose(ctx context.Context, project string) error {
	found, err := s.engine.containersWith(ctx, composeProject)
	if err != nil {
		return err
	}
	var known []string
	for _, c := range found {
		if name := c.labels[composeProject]; !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	slices.Sort(known)
	found = slices.DeleteFunc(found, func(c candidate) bool {
		return c.labels[composeProject] != project || c.labels[composeOneOff] == "True"
	})
	if len(found) == 0 {
		return &NotThere{What: "compose project", Name: project, Known: known}
	}
	if found, err = s.engine.withoutJobs(ctx, found); err != nil {
		return err
	}
	if !slices.ContainsFunc(found, func(c candidate) bool { return c.running }) {
		return fmt.Errorf("attach to compose project %q: none of its containers runs; start it (`docker compose --project-name %s up --detach`)", project, project)
	}
	for _, c := range found {
		m, err := s.composeMember(c)
		if err != nil {
			return fmt.Errorf("attach to compose project %q: container %q: %w", project, c.name, err)
		}
		s.members = append(s.members, m)
	}
	slices.SortFunc(s.members, func(a, b *replica) int {
		return cmp.Or(cmp.Compare(a.Component(), b.Component()), cmp.Compare(a.number, b.number))
	})
	for i, m := range s.members {
		if i > 0 && m.Name() == s.members[i-1].Name() {
			return fmt.Errorf("attach to compose project %q: containers %q and %q are both number %d of service %q: want a label %s that is different",
				project, s.members[i-1].container, m.container, m.number, m.Component(), composeNumber)
		}
	}
	s.versions = s.attachedVersions()
	return nil
}

// withoutJobs leaves out the services of which every container has ended
// well: they have done their work and serve nobody.
func (e *engine) withoutJobs(ctx context.Context, found []candidate) ([]candidate, error) {
	needed := map[string]bool{}
	for _, c := range found {
		service := c.labels[composeService]
		if c.running || needed[service] {
			needed[service] = true
			continue
		}
		state, err := e.api.ContainerInspect(ctx, c.id, client.ContainerInspectOptions{})
		if err != nil {
			return nil, fmt.Errorf("inspect container %q: %w", c.name, err)
		}
		if st := state.Container.State; st == nil || st.Status != "exited" || st.ExitCode != 0 {
			needed[service] = true
		}
	}
	return slices.DeleteFunc(found, func(c candidate) bool { return !needed[c.labels[composeService]] }), nil
}

// composeMember is the replica of a container of a compose project.
func (s *Stack) composeMember(c candidate) (*replica, error) {
	service := c.labels[composeService]
	if service == "" {
		return nil, fmt.Errorf("want a label %s with the name of its service, saw none", composeService)
	}
	number, err := composeNumberOf(c.labels)
	if err != nil {
		return nil, err
	}
	page, err := parseReady(c.labels[LabelReady])
	if err != nil {
		return nil, err
	}
	m := &replica{
		engine: s.engine, id: c.id, image: c.image, exits: &s.exits, sidecars: s.sidecars,
		recipe:    recipe{name: composeReplica(c.labels), component: service, node: c.labels[LabelNode]},
		container: c.name, labels: c.labels, number: number,
	}
	m.published = &page
	return m, nil
}

// composeReplica is the name of the replica with these labels: "web-1".
func composeReplica(labels map[string]string) string {
	number, err := composeNumberOf(labels)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s-%d", labels[composeService], number)
}

// composeNumberOf is the container's number within its service, 1 where it has
// none.
func composeNumberOf(labels map[string]string) (int, error) {
	text, ok := labels[composeNumber]
	if !ok {
		return 1, nil
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 0, fmt.Errorf("label %s: want a number from 1, saw %q", composeNumber, text)
	}
	return number, nil
}
