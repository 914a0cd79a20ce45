package docker

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/moby/moby/client"
	testcontainers "github.com/testcontainers/testcontainers-go"
	tclog "github.com/testcontainers/testcontainers-go/log"
)

// engine is a connection to the container engine.
type engine struct {
	api client.APIClient
	// address is where the engine was found.
	address string
	version string
	// arch is the engine's architecture in Go's terms: amd64.
	arch string
}

// pingTimeout bounds the first answer of the engine. A local engine answers in
// milliseconds; one that is being started by its socket takes seconds.
const pingTimeout = 10 * time.Second

// Available returns nil when a container engine on this machine answers;
// otherwise the error says what was tried and what to do.
func Available(ctx context.Context) error {
	e, err := connect(ctx)
	if err != nil {
		return err
	}
	return e.close()
}

// connect finds the engine and makes sure that it answers and can run the
// platform.
func connect(ctx context.Context) (*engine, error) {
	home, _ := os.UserHomeDir() // empty is fine: its sockets are skipped
	address, why, err := endpoint(os.Getenv, home)
	if err != nil {
		return nil, err
	}
	if err := requireLocal(address); err != nil {
		return nil, err
	}
	api, err := client.New(client.FromEnv, client.WithHost(address))
	if err != nil {
		return nil, fmt.Errorf("connect to the container engine at %q (%s): %w", address, why, err)
	}
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	v, err := api.ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		_ = api.Close()
		return nil, &noAnswer{address: address, why: why, cause: err}
	}
	if v.Os != "linux" {
		_ = api.Close()
		return nil, fmt.Errorf("use engine %q: it runs %q containers, expected linux; switch it to Linux containers", address, v.Os)
	}
	return &engine{api: api, address: address, version: v.Version, arch: v.Arch}, nil
}

func (e *engine) close() error { return e.api.Close() }

// providerMu guards what making a provider does to the process: the
// environment, and the default logger of testcontainers.
var providerMu sync.Mutex

// provider returns testcontainers' view of the same engine. testcontainers
// reads its settings from the environment, once per process: where the caller
// has not set them, they are set to what is right for this package (no reaper
// container; published ports are on the loopback address).
func (e *engine) provider() (p *testcontainers.DockerProvider, err error) {
	providerMu.Lock()
	defer providerMu.Unlock()
	settings := map[string]string{
		"TESTCONTAINERS_RYUK_DISABLED": "true",
		"TESTCONTAINERS_HOST_OVERRIDE": loopback.String(),
	}
	if e.address != "unix:///var/run/docker.sock" {
		settings["DOCKER_HOST"] = e.address
	}
	for name, value := range settings {
		if _, set := os.LookupEnv(name); set {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return nil, fmt.Errorf("set %q: %w", name, err)
		}
	}
	quiet := tclog.NewNoopLogger()
	chatty := tclog.Default()
	tclog.SetDefault(quiet)
	defer tclog.SetDefault(chatty)
	// testcontainers panics where it cannot work out the engine's socket.
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("prepare testcontainers for engine %q: %v", e.address, r)
		}
	}()
	p, err = testcontainers.NewDockerProvider(testcontainers.WithDefaultBridgeNetwork(testcontainers.Bridge), testcontainers.WithLogger(quiet))
	if err != nil {
		return nil, fmt.Errorf("prepare testcontainers for engine %q: %w", e.address, err)
	}
	p.SetClient(e.api)
	return p, nil
}
