package zookeeper

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigurationNamesEveryMember(t *testing.T) {
	c := Config{Member: 2, Members: []string{"a", "b", "c"}, Port: 2181, Data: t.TempDir()}
	for range 2 { // it is written at every start
		if err := c.write(); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(c.file())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"server.1=a:2888:3888\n", "server.2=b:2888:3888\n", "server.3=c:2888:3888\n", "clientPort=2181\n",
		"admin.enableServer=false\n", "4lw.commands.whitelist=srvr,mntr,ruok\n",
	} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("zoo.cfg has no %q:\n%s", want, raw)
		}
	}
	if id, err := os.ReadFile(filepath.Join(c.directory(), "myid")); err != nil || string(id) != "2\n" {
		t.Errorf("myid is %q (%v), want 2", id, err)
	}
	if got := strings.Join(c.command(), " "); !strings.Contains(got, "-Xmx128m") || !strings.HasSuffix(got, " "+c.file()) {
		t.Errorf("it is run by %q", got)
	}
}

func TestAMemberMustBeAmongThose(t *testing.T) {
	for _, args := range [][]string{{}, {"--members", "a,b", "--member", "3"}, {"--members", "a", "--member", "0"}, {"--members", "a", "--port", "0"}, {"--members", "a", "more"}} {
		var said bytes.Buffer
		if err := Main(t.Context(), args, &said); err == nil {
			t.Errorf("Main(%q) took that", args)
		}
	}
}
