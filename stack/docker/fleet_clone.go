package docker

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/network"
)

// sibling is the replica of a component that another one is made like: the
// first by name that was there from the beginning.
func (f *Fleet) sibling(component string) (name string, b blueprint, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(f.blueprints)) {
		if err := json.Unmarshal([]byte(f.blueprints[name].raw), &b); err != nil {
			return "", b, fmt.Errorf("read how %q was made: %w", name, err)
		}
		if b.Config.Labels[labelComponent] == component {
			return name, b, nil
		}
		b = blueprint{}
	}
	return "", b, fmt.Errorf("place a replica of %q: there is none that it could be made like", component)
}

// as is the blueprint of a replica like this one, from, with another name, on
// another node and with published ports of its own.
func (b blueprint) as(runID, from, name, node string, pick func() (uint16, error)) (like blueprint, err error) {
	raw, err := json.Marshal(b)
	if err != nil {
		return like, err
	}
	if err := json.Unmarshal(raw, &like); err != nil { // nothing is shared with b
		return like, err
	}
	like.Name = resourceName(runID, name)
	c, h := like.Config, like.HostConfig
	c.Hostname = name
	c.Labels[labelReplica], c.Labels[labelNode], c.Labels[labelPlaced] = name, node, "true"
	for i := range c.Cmd {
		c.Cmd[i] = renamed(c.Cmd[i], from, name)
		if i > 0 && c.Cmd[i-1] == "--node" {
			c.Cmd[i] = node
		}
	}
	for i := range c.Env {
		c.Env[i] = renamed(c.Env[i], from, name)
	}
	for i, m := range h.Mounts {
		if m.Source == resourceName(runID, from) {
			h.Mounts[i].Source = resourceName(runID, name)
		}
	}
	published := map[uint16]uint16{}
	for port := range h.PortBindings {
		if published[port.Num()], err = pick(); err != nil {
			return like, err
		}
	}
	h.PortBindings = bindings(published)
	for net, text := range like.Networks {
		var settings network.EndpointSettings
		if err := json.Unmarshal([]byte(text), &settings); err != nil {
			return like, fmt.Errorf("read how %q is on network %q: %w", from, net, err)
		}
		for i := range settings.Aliases {
			settings.Aliases[i] = renamed(settings.Aliases[i], from, name)
		}
		raw, err := json.Marshal(settings)
		if err != nil {
			return like, err
		}
		like.Networks[net] = string(raw)
	}
	return like, nil
}

// renamed is text with every whole word from replaced; "catalog-1" is no word
// of "catalog-12".
func renamed(text, from, to string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, from)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		joined := out.Len() > 0 && wordByte(out.String()[out.Len()-1]) || after != "" && wordByte(after[0])
		if joined {
			out.WriteString(from)
		} else {
			out.WriteString(to)
		}
		text = after
	}
}

func wordByte(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b == '_' || b == '-'
}
