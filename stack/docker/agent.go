package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

const (
	// agentMemory and agentPIDs bound an agent; its threads count as PIDs.
	agentMemory = 512 * mebibyte
	agentPIDs   = 256
	// agentEnds is how long an agent may take to undo what it holds and end.
	agentEnds = 25 * time.Second
)

// sidecars starts agents beside the containers of one stack.
type sidecars struct {
	engine *engine
	// labels are those of the run, so that what removes the run removes them.
	labels map[string]string
	// image returns the agent image.
	image func(context.Context) (string, error)

	mu  sync.Mutex
	ref string // of the image, once it is there
}

// Agent starts `fournines agent` beside the replica; see fault.Host.
func (r *replica) Agent(ctx context.Context, capabilities, shares []string) (io.ReadWriteCloser, error) {
	if r.sidecars == nil {
		return nil, r.wrap("start an agent beside", errors.New("this stack has no image for it"))
	}
	link, err := r.sidecars.start(ctx, r.ID(), capabilities, shares, []string{agentProgram, "agent"})
	if err != nil {
		return nil, r.wrap("start an agent beside", err)
	}
	return link, nil
}

// Attended reports whether agents can run beside the replica.
func (r *replica) Attended() bool { return r.sidecars != nil }

// start creates, attaches to and starts a side container of the container
// target, and returns the stream to the process in it. A call that has begun
// is not given up when ctx is done.
func (s *sidecars) start(ctx context.Context, target string, capabilities, shares, command []string) (_ *link, err error) {
	image, err := s.image(ctx)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), enginePatience)
	defer cancel()
	options, err := s.options(ctx, target, image, capabilities, shares, command)
	if err != nil {
		return nil, err
	}
	created, err := s.engine.api.ContainerCreate(ctx, options)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_, removeErr := s.engine.api.ContainerRemove(ctx, created.ID, client.ContainerRemoveOptions{Force: true})
			if isNotFound(removeErr) {
				removeErr = nil
			}
			err = errors.Join(err, removeErr)
		}
	}()
	attached, err := s.engine.api.ContainerAttach(ctx, created.ID, client.ContainerAttachOptions{Stream: true, Stdin: true, Stdout: true, Stderr: true})
	if err != nil {
		return nil, err
	}
	if _, err := s.engine.api.ContainerStart(ctx, created.ID, client.ContainerStartOptions{}); err != nil {
		attached.Close()
		return nil, err
	}
	return newLink(s.engine, created.ID, attached.HijackedResponse), nil
}

// link is the stream to the process of a side container.
type link struct {
	engine *engine
	id     string
	conn   client.HijackedResponse
	out    *io.PipeReader
	said   *lastBytes
	once   sync.Once
	err    error
}

func newLink(e *engine, id string, conn client.HijackedResponse) *link {
	out, in := io.Pipe()
	l := &link{engine: e, id: id, conn: conn, out: out, said: &lastBytes{}}
	go func() {
		_, err := stdcopy.StdCopy(in, l.said, conn.Reader)
		in.CloseWithError(err) // nil is io.EOF
	}()
	return l
}

// Read reads what the process writes to its standard output.
func (l *link) Read(p []byte) (int, error) {
	n, err := l.out.Read(p)
	if said := l.said.String(); err != nil && said != "" {
		err = fmt.Errorf("%w; the agent said: %s", err, said)
	}
	return n, err
}

// Write writes to the process's standard input.
func (l *link) Write(p []byte) (int, error) { return l.conn.Conn.Write(p) }

// Kill removes the process's container by force. Close may follow.
func (l *link) Kill() error { return l.engine.kill(l.id) }

// Close ends the process's input and waits until its container is gone; one
// that does not end in time is removed by force, which is an error because
// nobody knows what it left.
func (l *link) Close() error {
	l.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), agentEnds)
		defer cancel()
		gone := l.engine.api.ContainerWait(ctx, l.id, client.ContainerWaitOptions{Condition: container.WaitConditionRemoved})
		l.conn.Close()
		l.out.Close()
		select {
		case <-gone.Result:
		case err := <-gone.Error:
			if err == nil || isNotFound(err) {
				return
			}
			l.err = fmt.Errorf("wait until agent %.12s ends: %w", l.id, err)
			if ctx.Err() != nil {
				l.err = errors.Join(l.err, l.engine.kill(l.id))
			}
		}
	})
	return l.err
}

// kill removes a container that does not end.
func (e *engine) kill(id string) error {
	ctx, cancel := context.WithTimeout(context.Background(), enginePatience)
	defer cancel()
	_, err := e.api.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true})
	if isNotFound(err) {
		return nil
	}
	return err
}

// lastBytes keeps the end of what is written to it.
type lastBytes struct {
	mu  sync.Mutex
	end []byte
}

const tailLength = 2048

func (t *lastBytes) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = append(t.end, p...)
	t.end = t.end[max(0, len(t.end)-tailLength):]
	return len(p), nil
}

func (t *lastBytes) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.end)
}
