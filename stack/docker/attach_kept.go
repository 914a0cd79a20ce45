package docker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/moby/moby/client"
)

// AttachKept joins a stack that was brought up with Options.Keep: the
// reference platform in all its parts. Until Down nobody else can attach to
// it, nor remove it with `fournines down`. Down removes nothing.
func AttachKept(ctx context.Context, runID string, opts AttachOptions) (_ *Stack, err error) {
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	s := &Stack{engine: e, sidecars: attachedSidecars(e), runID: runID, urls: map[string]string{}, attached: &attachment{
		name: runID, source: "kept stack", kind: "docker", allow: opts.AllowFaults,
		filters: ofRun(runID), label: func(labels map[string]string) string { return labels[labelReplica] },
	}}
	if err := s.joinKept(ctx); err != nil {
		if s.lock != nil {
			err = errors.Join(err, s.lock.release())
		}
		return nil, errors.Join(err, e.close())
	}
	if opts.NoAgents {
		s.withoutAgents()
	}
	return s, nil
}

func (s *Stack) joinKept(ctx context.Context) error {
	runs, err := s.engine.list(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(runs, func(f Found) bool { return f.RunID == s.runID })
	if i < 0 || !runs[i].Kept || runs[i].orphan {
		var known []string
		for _, f := range runs {
			if f.Kept && !f.orphan {
				known = append(known, f.RunID)
			}
		}
		return &NotThere{What: "kept stack", Name: s.runID, Known: known}
	}
	cache, err := cacheDir()
	if err != nil {
		return err
	}
	if s.lock, err = lockRun(ctx, cache, s.runID); err != nil {
		if errors.Is(err, errLocked) {
			err = fmt.Errorf("another process uses it: %w", err)
		}
		return fmt.Errorf("attach to kept stack %q: %w", s.runID, err)
	}
	found, err := s.engine.containersWith(ctx, labelRun+"="+s.runID)
	if err != nil {
		return err
	}
	s.sidecars.labels = ofRunAlone(found)
	if s.choices, err = choicesOf(s.sidecars.labels); err != nil {
		return fmt.Errorf("attach to kept stack %q: %w", s.runID, err)
	}
	for _, r := range recipes(s.runID, s.choices) {
		i := slices.IndexFunc(found, func(c candidate) bool { return c.labels[labelReplica] == r.name })
		if i < 0 {
			return fmt.Errorf("attach to kept stack %q: its replica %q is gone; `fournines down %s` removes the rest", s.runID, r.name, s.runID)
		}
		if err := s.keptMember(ctx, r, found[i]); err != nil {
			return fmt.Errorf("attach to kept stack %q: %w", s.runID, err)
		}
	}
	s.versions = s.readVersions(ctx)
	s.joinController(cache)
	s.watchCrew()
	return nil
}

// keptMember adds a container of the reference platform. Its ports are fixed
// for its life, and known of one that is down too.
func (s *Stack) keptMember(ctx context.Context, r recipe, c candidate) error {
	m, err := s.memberOf(ctx, r, c, s.urls)
	if err == nil {
		s.members = append(s.members, m)
	}
	if pem := c.labels[labelAuthority]; pem != "" {
		s.authority = []byte(pem)
	}
	return err
}

// memberOf is the replica of a container; its endpoints are added to urls.
func (s *Stack) memberOf(ctx context.Context, r recipe, c candidate, urls map[string]string) (*replica, error) {
	result, err := s.engine.api.ContainerInspect(ctx, c.id, client.ContainerInspectOptions{})
	if err != nil {
		return nil, fmt.Errorf("inspect container %q: %w", c.name, err)
	}
	m := &replica{engine: s.engine, recipe: r, id: c.id, image: result.Container.Config.Image, exits: &s.exits, platform: s, sidecars: s.sidecars, container: c.name, labels: c.labels}
	for port, bindings := range result.Container.HostConfig.PortBindings {
		for _, b := range bindings {
			outside, err := strconv.ParseUint(b.HostPort, 10, 16)
			if err != nil {
				return nil, fmt.Errorf("container %q: want a fixed port for %v, saw %q", c.name, port, b.HostPort)
			}
			url := r.scheme(port.Num()) + hostPort(uint16(outside))
			for _, name := range r.ports[port.Num()] {
				urls[name] = url
			}
			if port.Num() == r.admin {
				m.admin = url
			}
		}
	}
	return m, nil
}

// ofRunAlone are the labels that everything of a run shares.
func ofRunAlone(found []candidate) map[string]string {
	labels := map[string]string{}
	for _, c := range found {
		for _, name := range []string{labelRun, labelKeep, labelHost, labelLock, labelStarted, labelChoices} {
			labels[name] = c.labels[name]
		}
	}
	return labels
}
