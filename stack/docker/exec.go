package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack/certificate"
)

// execute runs a program in a container, as the container's user, and returns
// what it said. An exit code other than 0 is an error.
func (e *engine) execute(ctx context.Context, id string, command ...string) (string, error) {
	created, err := e.api.ExecCreate(ctx, id, client.ExecCreateOptions{Cmd: command, AttachStdout: true, AttachStderr: true})
	if err != nil {
		return "", fmt.Errorf("run %q in container %.12s: %w", command, id, err)
	}
	attached, err := e.api.ExecAttach(ctx, created.ID, client.ExecAttachOptions{})
	if err != nil {
		return "", fmt.Errorf("run %q in container %.12s: %w", command, id, err)
	}
	defer attached.Close()
	var said strings.Builder
	if _, err := stdcopy.StdCopy(&said, &said, io.LimitReader(attached.Reader, mebibyte)); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return said.String(), fmt.Errorf("run %q in container %.12s: %w", command, id, err)
	}
	ended, err := e.api.ExecInspect(ctx, created.ID, client.ExecInspectOptions{})
	if err == nil && ended.ExitCode != 0 {
		err = fmt.Errorf("want exit code 0, saw %d: %s", ended.ExitCode, firstLine([]byte(said.String())))
	}
	if err != nil {
		return said.String(), fmt.Errorf("run %q in container %.12s: %w", command, id, err)
	}
	return strings.TrimSpace(said.String()), nil
}

// balancer tells the load balancer in a container what to do, from inside the
// container: it is reached from nowhere else. The commands are "weight SERVER
// NUMBER", "certificate", which has it show what its certificate's file holds
// now, and "reload".
func (e *engine) balancer(ctx context.Context, id string, command ...string) error {
	c, err := e.inspect(ctx, id)
	if err != nil {
		return fmt.Errorf("inspect container %.12s: %w", id, err)
	}
	say := haproxyCommand(command)
	if c.Config != nil && isNginx(c.Config.Cmd) {
		say = nginxCommand(command)
	}
	// A command that was carried out is answered with silence.
	said, err := e.execute(ctx, id, say...)
	if err == nil && said != "" {
		err = fmt.Errorf("tell the load balancer %q: it answered %q", command, said)
	}
	return err
}

// haproxyCommand is what a command is to HAProxy's admin socket.
func haproxyCommand(command []string) []string {
	tell := []string{"perl", "/etc/fournines/haproxy/admin.pl"}
	switch command[0] {
	case "weight":
		return append(tell, "set", "server", backend+"/"+command[1], "weight", command[2])
	case "certificate":
		return append(tell, "certificate", certificates+"/"+certificate.ServedFile)
	}
	return append(tell, command...)
}

// isNginx reports whether a container's command is that of an edge of nginx.
func isNginx(command []string) bool {
	return len(command) > 2 && command[0] == "fournines" && command[2] == nginxProgram
}

// nginxCommand is what a command is to the program beside nginx, which reads
// certificates when it is reloaded.
func nginxCommand(command []string) []string {
	tell := []string{"fournines", "platform", "edge-tell"}
	if command[0] == "certificate" {
		return append(tell, "reload")
	}
	return append(tell, command...)
}
