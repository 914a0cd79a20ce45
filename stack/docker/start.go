package docker

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/certificate"
	"github.com/fournines/fournines/stack/platform/reference"
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
		engine:   s.engine,
		provider: provider,
		dir:      runDir(cache, opts.RunID),
		runID:    opts.RunID,
		network:  resourceName(opts.RunID, "net"),
		labels:   labels,
		secret:   rand.Text(),
		recipes:  mutate(recipes(opts.RunID, opts.Choices), opts.Choices),
		pickPort: newPortPicker(opts.RunID).pick,
	}
	s.keep = opts.Keep
	if s.setup, err = reference.New(); err != nil {
		return err
	}
	if err := s.setup.LimitClients(opts.Choices.ClientRate); err != nil {
		return err
	}
	adjust(l)
	if opts.Choices.Has(stack.TLS) {
		if l.authority, err = certificate.NewAuthority(opts.RunID, time.Now()); err != nil {
			return err
		}
		s.authority = l.authority.PEM()
	}
	var held locks // images must stay until there are containers of them
	defer held.release()
	packages, platform, network, beside := newPromise(), newPromise(), newPromise(), newPromise()
	var program []byte // is there once group.Wait has returned
	s.sidecars = &sidecars{engine: s.engine, labels: labels, image: beside.wait}

	unbounded := ctx
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
		program = raw
		ref, err := s.sidecars.hold(ctx, report, cache, func(context.Context) ([]byte, error) { return raw, nil })
		if err := beside.keep(ref, err); err != nil {
			return err
		}
		base, err := packages.wait(ctx)
		if err != nil {
			return err
		}
		base, lock, err := s.engine.holdBeneath(ctx, report, cache, base, opts.Choices)
		held.add(lock)
		if err != nil {
			return err
		}
		ref, lock, err = s.engine.holdPlatform(ctx, report, cache, base, raw)
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
	if err := group.Wait(); err != nil {
		return err
	}
	if opts.NoController || !opts.Choices.Controlled() {
		return nil
	}
	return report.step("start the controller", func(*task) error {
		return s.startController(unbounded, opts, cache, l.pickPort, program)
	})
}

// launchAll starts every container as soon as its image is there and waits
// until all are ready and the edge routes to all gateways.
func (s *Stack) launchAll(ctx context.Context, t *task, l *launcher, packages, platform *promise) error {
	all := l.recipes
	s.members = make([]*replica, len(all))
	s.urls = make(map[string]string)
	var (
		mu    sync.Mutex // guards urls, ready and registry
		ready int
		// registry are the members that are ready; when all are, the programs'
		// documents are published, and then configured is kept.
		registry   etcd
		configured = newPromise()
		slots      = make(chan struct{}, atOnce)
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
			if reference.Follows(r.component) {
				if _, err := configured.wait(launching); err != nil {
					return err
				}
			}
			slots <- struct{}{} // given back soon: launch is bounded
			id, published, err := l.bring(launching, r, ref)
			<-slots
			if err != nil {
				return err
			}
			m := &replica{engine: s.engine, recipe: r, id: id, image: ref, admin: "http://" + hostPort(published[r.admin]), exits: &s.exits, platform: s, sidecars: s.sidecars}
			s.members[i] = m
			mu.Lock()
			for inside, names := range r.ports {
				for _, name := range names {
					s.urls[name] = r.scheme(inside) + hostPort(published[inside])
				}
			}
			mu.Unlock()
			if err := m.awaitReady(launching); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if r.component == "etcd" {
				registry.members = append(registry.members, m.admin)
				if len(registry.members) == countOf(all, "etcd") {
					if err := configured.keep("", s.publish(launching, registry)); err != nil {
						return err
					}
				}
			}
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
