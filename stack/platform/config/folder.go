package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// newFolder is a folder whose files are JSON objects that make one document
// together; no two may have a member of the same name. Hidden files, which a
// ConfigMap's mount has, are left out.
func newFolder(path string) Source {
	return polled{fmt.Sprintf("folder %q", path), func() ([]byte, error) { return readFolder(path) }}
}

func readFolder(path string) ([]byte, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	whole, from := map[string]json.RawMessage{}, map[string]string{}
	var problems []error
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") || entry.IsDir() {
			continue
		}
		raw, err := readFile(filepath.Join(path, entry.Name()))
		if err != nil {
			return nil, err
		}
		var part map[string]json.RawMessage
		if err := json.Unmarshal(raw, &part); err != nil {
			problems = append(problems, fmt.Errorf("read configuration %q: want a JSON object: %w", entry.Name(), err))
			continue
		}
		for name, value := range part {
			if other, ok := from[name]; ok {
				problems = append(problems, fmt.Errorf("read configuration %q: %q is in %q too", entry.Name(), name, other))
			}
			whole[name], from[name] = value, entry.Name()
		}
	}
	if len(whole) == 0 && len(problems) == 0 {
		problems = append(problems, fmt.Errorf("read configuration %q: want at least one file, saw none", path))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return json.Marshal(whole) // in the order of the names
}
