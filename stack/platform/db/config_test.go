package db

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigurationIsWrittenAnew(t *testing.T) {
	c := Config{Data: t.TempDir(), Scratch: "/scratch", Port: 5432, Settings: []Setting{{"archive_command", "cp '%p' /x"}}}
	if err := os.Mkdir(c.cluster(), 0o700); err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(c.cluster(), "pg_hba.conf")
	if err := os.WriteFile(stale, []byte("host all all 0.0.0.0/0 trust\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.configure("nobody"); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		raw, err := os.ReadFile(filepath.Join(c.cluster(), name))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	if hba := read("pg_hba.conf"); strings.Contains(hba, "trust") || !strings.Contains(hba, "samenet scram-sha-256") {
		t.Errorf("pg_hba.conf lets in more than the run's network with a password:\n%s", hba)
	}
	if conf := read("postgresql.conf"); !strings.HasSuffix(conf, "archive_command = 'cp ''%p'' /x'\n") {
		t.Errorf("postgresql.conf does not end with the setting that was added, quoted:\n%s", conf)
	}
	if ident := read("pg_ident.conf"); !strings.Contains(ident, "own nobody postgres\n") {
		t.Errorf("pg_ident.conf does not map this process's user:\n%s", ident)
	}
}
