package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
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

// balancer says one command to the admin socket of HAProxy, from inside its
// container: it is reached from nowhere else. HAProxy answers a command that it
// carried out with silence.
func (e *engine) balancer(ctx context.Context, id string, command ...string) error {
	said, err := e.execute(ctx, id, append([]string{"perl", "/etc/fournines/haproxy/admin.pl"}, command...)...)
	if err == nil && said != "" {
		err = fmt.Errorf("tell HAProxy %q: it answered %q", command, said)
	}
	return err
}
