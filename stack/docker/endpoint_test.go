package docker

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// homeWithContext makes a home directory whose docker command has a context.
func homeWithContext(t *testing.T, current, name, host string) string {
	t.Helper()
	home := t.TempDir()
	id := sha256.Sum256([]byte(name))
	meta := filepath.Join(home, ".docker", "contexts", "meta", hex.EncodeToString(id[:]))
	if err := os.MkdirAll(meta, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		filepath.Join(home, ".docker", "config.json"): `{"currentContext":"` + current + `"}`,
		filepath.Join(meta, "meta.json"):              `{"Name":"` + name + `","Endpoints":{"docker":{"Host":"` + host + `"}}}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

func TestEndpoint(t *testing.T) {
	const desktop = "unix:///home/somebody/.desktop/docker.sock"
	for _, c := range []struct {
		rule    string
		env     map[string]string
		current string
		want    string
	}{
		{"DOCKER_HOST wins over a context", map[string]string{"DOCKER_HOST": "unix:///tmp/x.sock"}, "desktop", "unix:///tmp/x.sock"},
		{"the current context wins over the usual sockets", nil, "desktop", desktop},
		{"DOCKER_CONTEXT chooses a context", map[string]string{"DOCKER_CONTEXT": "desktop"}, "other", desktop},
	} {
		t.Run(c.rule, func(t *testing.T) {
			home := homeWithContext(t, c.current, "desktop", desktop)
			got, why, err := endpoint(func(name string) string { return c.env[name] }, home)
			if err != nil || got != c.want {
				t.Errorf("endpoint = %q (%s), %v, want %q", got, why, err, c.want)
			}
		})
	}
	t.Run("the default context and a broken one are not contexts", func(t *testing.T) {
		for _, current := range []string{"default", "missing", ""} {
			home := homeWithContext(t, current, "desktop", desktop)
			if host, name := contextHost(func(string) string { return "" }, home); host != "" {
				t.Errorf("current context %q gives host %q of %q, want none", current, host, name)
			}
		}
	})
	t.Run("the socket of a user's own engine is found", func(t *testing.T) {
		if _, err := os.Stat("/var/run/docker.sock"); err == nil {
			t.Skip("this machine has the system's socket, which comes first")
		}
		dir := t.TempDir()
		socket := filepath.Join(dir, "docker.sock")
		if err := os.WriteFile(socket, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		got, _, err := endpoint(func(name string) string { return map[string]string{"XDG_RUNTIME_DIR": dir}[name] }, t.TempDir())
		if err != nil || got != "unix://"+socket {
			t.Errorf("endpoint = %q, %v, want %q", got, err, "unix://"+socket)
		}
	})
}

func TestRequireLocal(t *testing.T) {
	for _, address := range []string{"unix:///var/run/docker.sock", "npipe:////./pipe/docker_engine", "tcp://127.0.0.1:2375", "tcp://localhost:2375", "tcp://[::1]:2375"} {
		if err := requireLocal(address); err != nil {
			t.Errorf("local engine %q is refused: %v", address, err)
		}
	}
	for _, address := range []string{"tcp://10.1.2.3:2375", "ssh://somebody@build-7", "tcp://build-7:2376", "://"} {
		err := requireLocal(address)
		if err == nil || !strings.Contains(err.Error(), address) {
			t.Errorf("engine %q on another machine: error %v, want one that names it", address, err)
		}
	}
}
