package registry

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/fournines/fournines/stack"
)

// Prefix is the beginning of the keys of all instances of a service.
func Prefix(service string) string { return stack.RegistryRoot + service + "/" }

// Key is where the instance is registered.
func (in Instance) Key() string { return Prefix(in.Service) + in.Name }

// check returns an error unless in can be registered.
func (in Instance) check() error {
	for _, field := range []struct{ name, value string }{{"name", in.Name}, {"service", in.Service}, {"address", in.Address}} {
		if field.value == "" {
			return fmt.Errorf("register instance %+v: %s is empty", in, field.name)
		}
		if field.name != "address" && strings.Contains(field.value, "/") {
			return fmt.Errorf("register instance %+v: %s %q contains a slash", in, field.name, field.value)
		}
	}
	return nil
}

// parse reads the value of a key; the key says who the instance is.
func parse(key string, value []byte) (Instance, error) {
	var in Instance
	if err := json.Unmarshal(value, &in); err != nil {
		return Instance{}, fmt.Errorf("read registry key %q: %w", key, err)
	}
	if in.Key() != key {
		return Instance{}, fmt.Errorf("read registry key %q: its value names %q", key, in.Key())
	}
	return in, in.check()
}

// sorted orders instances by name.
func sorted(all []Instance) []Instance {
	slices.SortFunc(all, func(a, b Instance) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
