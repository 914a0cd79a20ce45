package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"

	"github.com/moby/moby/api/types/container"

	"github.com/fournines/fournines/stack"
)

// Keys of a program's configuration, as data.
const (
	configKey       = "key"
	configDocument  = "document"
	configVersion   = "version"
	configPublished = "published"
	configMembers   = "members"
)

// errNoDocument is what replicas say that have no document in the config
// centre.
var errNoDocument = errors.New("this replica follows no document that fournines knows")

// Configuration is the newest document of the replica's program.
func (r *replica) Configuration(ctx context.Context) (map[string]string, error) {
	e, err := r.registry()
	if err != nil {
		return nil, r.wrap("read the configuration of", err)
	}
	key := stack.ConfigRoot + r.Component()
	kv, ok, err := e.get(ctx, key)
	if err == nil && !ok {
		err = fmt.Errorf("registry key %q does not exist: %w", key, errNoDocument)
	}
	if err != nil {
		return nil, r.wrap("read the configuration of", err)
	}
	return map[string]string{
		configKey: key, configDocument: string(kv.Value), configVersion: strconv.FormatInt(kv.Revision, 10),
		configMembers: strings.Join(e.members, ","),
	}, nil
}

// Publish makes a document the newest of the replica's program.
func (r *replica) Publish(ctx context.Context, document string) error {
	e, err := r.registry()
	if err == nil {
		_, err = e.put(ctx, stack.ConfigRoot+r.Component(), document)
	}
	return r.wrap("publish a document for", err)
}

// Restore makes a document the newest again, if the newest is the one that was
// published in its place.
func (r *replica) Restore(ctx context.Context, kept map[string]string) error {
	return r.wrap("restore the document of", restoreDocument(ctx, kept))
}

// Follows is what the replica says on its admin port.
func (r *replica) Follows(ctx context.Context) (using, refused, away string, err error) {
	s, err := r.configState(ctx)
	return s.Version, s.Refused, s.Away, err
}

func (r *replica) configState(ctx context.Context) (s stack.ConfigState, err error) {
	body, err := expectOK(ctx, r.admin+stack.ConfigPath)
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	return s, r.wrap("ask for the configuration of", err)
}

// restoreDocument needs nothing but the data.
func restoreDocument(ctx context.Context, kept map[string]string) error {
	e := etcd{members: words(kept[configMembers])}
	key := kept[configKey]
	if err := e.replace(ctx, key, kept[configPublished], kept[configDocument]); err != nil {
		return err
	}
	kv, ok, err := e.get(ctx, key)
	if err == nil && ok && string(kv.Value) == kept[configPublished] {
		err = fmt.Errorf("registry key %q: want the recorded document, saw the published one at revision %d", key, kv.Revision)
	}
	return err
}

// undoConfigure writes a program's recorded document back. A config centre that
// went away with its stack has nothing of the other one left.
func undoConfigure(ctx context.Context, _ *engine, c container.InspectResponse, s UndoStep) error {
	err := restoreDocument(ctx, s.Args)
	if err != nil && c.ID == "" && errors.Is(err, syscall.ECONNREFUSED) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("restore registry key %q: %w", s.Args[configKey], err)
	}
	return nil
}
