package docker

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

// atOnce is how many containers are being created and started at a time.
const atOnce = 4

// start fills the stack. Everything begins as early as what it needs is there:
// the executable is built while Debian's packages are installed, and etcd,
// edge and Prometheus start while the platform image is made.
func (s *Stack) start(ctx context.Context, opts Options, cache string, adjust func(*launcher)) error {
	report := reporter{opts.Progress}
	labels, err := labelsOf(opts, runLock(cache, opts.RunID))
	if err != nil {
		return err
	}
	provider, err := s.engine.provider()
	if err != nil {
		return err
	}
	l := &launcher{
		provider: provider,
		runID:    opts.RunID,
		network:  resourceName(opts.RunID, "net"),
		labels:   labels,
		recipes:  recipes(opts.RunID),
		pickPort: newPortPicker(opts.RunID).pick,
	}
	adjust(l)
	var held locks // images must stay until there are containers of them
	defer held.release()
	packages, platform, network := newPromise(), newPromise(), newPromise()

	group, ctx := errgroup.WithContext(ctx)
	group.Go(safely(func() error {
		ref, lock, err := s.engine.holdPackages(ctx, report, cache)
		held.add(lock)
		return packages.keep(ref, err)
	}))
	group.Go(safely(func() error {
		raw, err := s.engine.program(ctx, report, cache)
		if err != nil {
			return err
		}
		base, err := packages.wait(ctx)
		if err != nil {
			return err
		}
		ref, lock, err := s.engine.holdPlatform(ctx, report, cache, base, raw)
		held.add(lock)
		return platform.keep(ref, err)
	}))
	group.Go(safely(func() error {
		if _, err := packages.wait(ctx); err != nil {
			return err
		}
		return network.keep(l.network, l.createNetwork(ctx))
	}))
	group.Go(safely(func() error {
		if _, err := network.wait(ctx); err != nil {
			return err
		}
		return report.step("start containers", func(t *task) error {
			return s.launchAll(ctx, t, l, packages, platform)
		})
	}))
	return group.Wait()
}

// launchAll starts every container as soon as its image is there and waits
// until all are ready and the edge routes to all gateways.
func (s *Stack) launchAll(ctx context.Context, t *task, l *launcher, packages, platform *promise) error {
	all := l.recipes
	s.members = make([]*replica, len(all))
	s.urls = make(map[string]string)
	var (
		mu    sync.Mutex // guards urls and ready
		ready int
		slots = make(chan struct{}, atOnce)
	)
	t.count("", 0, len(all))
	group, launching := errgroup.WithContext(ctx)
	for i, r := range all {
		group.Go(safely(func() error {
			image := packages
			if r.own {
				image = platform
			}
			ref, err := image.wait(launching)
			if err != nil {
				return err
			}
			slots <- struct{}{} // given back soon: launch is bounded
			id, published, err := l.launch(launching, r, ref)
			<-slots
			if err != nil {
				return err
			}
			m := &replica{engine: s.engine, recipe: r, id: id, image: ref, admin: "http://" + hostPort(published[r.admin]), exits: &s.exits}
			s.members[i] = m
			mu.Lock()
			for inside, names := range r.ports {
				for _, name := range names {
					s.urls[name] = "http://" + hostPort(published[inside])
				}
			}
			mu.Unlock()
			if err := m.awaitReady(launching); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			ready++
			t.count(r.name+" is ready", ready, len(all))
			return nil
		}))
	}
	if err := group.Wait(); err != nil {
		return err
	}
	t.count("waiting for the edge to use all gateways", ready, len(all))
	if err := s.awaitRoutes(ctx); err != nil {
		return fmt.Errorf("wait for the edge: %w", err)
	}
	s.versions = s.readVersions(ctx)
	t.result(fmt.Sprintf("%d containers are ready", len(all)))
	return nil
}
