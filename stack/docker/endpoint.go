package docker

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
)

// endpoint finds the engine's address: DOCKER_HOST if it is set, else the
// current context of the docker command, else the first of the usual sockets
// that exists. why says where the address comes from.
func endpoint(getenv func(string) string, home string) (address, why string, err error) {
	if h := getenv("DOCKER_HOST"); h != "" {
		return h, "DOCKER_HOST", nil
	}
	if h, name := contextHost(getenv, home); h != "" {
		return h, fmt.Sprintf("docker context %q", name), nil
	}
	if runtime.GOOS == "windows" {
		return "npipe:////./pipe/docker_engine", "the default pipe", nil
	}
	var tried []string
	for _, socket := range []string{
		"/var/run/docker.sock",
		filepath.Join(getenv("XDG_RUNTIME_DIR"), "docker.sock"),
		filepath.Join(home, ".docker", "run", "docker.sock"),
	} {
		if !filepath.IsAbs(socket) {
			continue
		}
		if _, err := os.Stat(socket); err == nil {
			return "unix://" + socket, "socket " + socket, nil
		}
		tried = append(tried, socket)
	}
	return "", "", fmt.Errorf("find a container engine: DOCKER_HOST is not set and none of the sockets %q exists; "+
		"install and start Docker, or set DOCKER_HOST", tried)
}

// contextHost is the engine's address in the docker command's current context;
// empty when that is the default context or cannot be read.
func contextHost(getenv func(string) string, home string) (host, name string) {
	dir := getenv("DOCKER_CONFIG")
	if dir == "" {
		dir = filepath.Join(home, ".docker")
	}
	name = getenv("DOCKER_CONTEXT")
	if name == "" {
		var config struct{ CurrentContext string }
		if raw, err := os.ReadFile(filepath.Join(dir, "config.json")); err != nil || json.Unmarshal(raw, &config) != nil {
			return "", ""
		}
		name = config.CurrentContext
	}
	if name == "" || name == "default" {
		return "", ""
	}
	id := sha256.Sum256([]byte(name))
	raw, err := os.ReadFile(filepath.Join(dir, "contexts", "meta", hex.EncodeToString(id[:]), "meta.json"))
	if err != nil {
		return "", ""
	}
	var meta struct {
		Endpoints map[string]struct{ Host string }
	}
	if json.Unmarshal(raw, &meta) != nil {
		return "", ""
	}
	return meta.Endpoints["docker"].Host, name
}

// requireLocal refuses an engine whose loopback is not this machine's: ports
// are published on 127.0.0.1 of the engine and must be reachable from here.
func requireLocal(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("parse engine address %q: %w", address, err)
	}
	switch u.Scheme {
	case "unix", "npipe":
		return nil
	case "tcp", "http", "https":
		host := u.Hostname()
		if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
			return nil
		}
		if host == "localhost" {
			return nil
		}
	}
	return fmt.Errorf("use engine %q: it is on another machine, and the platform is published on the loopback "+
		"address of the engine's machine only; run fournines there, or point DOCKER_HOST to a local engine", address)
}

// loopback is where published ports are reached.
var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// hostPort is a published port's address as seen from this process.
func hostPort(port uint16) string {
	return net.JoinHostPort(loopback.String(), fmt.Sprint(port))
}
