package observe

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// etcdProcess is one member of an etcd cluster of local processes.
type etcdProcess struct {
	binary string
	args   []string
	log    *os.File
	cmd    *exec.Cmd
}

// etcdProcesses starts a cluster of n members on free loopback ports; they are
// gone when the test ends.
func etcdProcesses(t *testing.T, binary string, n int) []etcdMember {
	t.Helper()
	var clients, peers, initial []string
	for i := range n {
		clients = append(clients, "http://"+freeAddress(t))
		peers = append(peers, "http://"+freeAddress(t))
		initial = append(initial, fmt.Sprintf("etcd-%d=%s", i+1, peers[i]))
	}
	dir := t.TempDir()
	var members []etcdMember
	for i := range n {
		name := fmt.Sprintf("etcd-%d", i+1)
		log, err := os.Create(filepath.Join(dir, name+".log"))
		if err != nil {
			t.Fatal(err)
		}
		p := &etcdProcess{binary: binary, log: log, args: []string{
			"--name", name, "--data-dir", filepath.Join(dir, name),
			"--listen-client-urls", clients[i], "--advertise-client-urls", clients[i],
			"--listen-peer-urls", peers[i], "--initial-advertise-peer-urls", peers[i],
			"--initial-cluster", strings.Join(initial, ","),
		}}
		if err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = p.Kill(context.Background(), "KILL") // it may be dead already
			if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
				t.Logf("%s said:\n%s", name, text[max(0, len(text)-4000):])
			}
			log.Close()
		})
		members = append(members, etcdMember{etcdReplica: p, url: func() (string, bool) { return clients[i], true }})
	}
	return members
}

func (p *etcdProcess) Start(context.Context) error {
	p.cmd = exec.Command(p.binary, p.args...)
	p.cmd.Stderr = p.log
	return p.cmd.Start()
}

func (p *etcdProcess) Kill(context.Context, string) error {
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = p.cmd.Wait() // says that it was killed
	return nil
}

func (p *etcdProcess) Pause(context.Context) error   { return p.cmd.Process.Signal(syscall.SIGSTOP) }
func (p *etcdProcess) Unpause(context.Context) error { return p.cmd.Process.Signal(syscall.SIGCONT) }

// freeAddress is a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
