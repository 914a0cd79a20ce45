package benchmark

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Machine says what a figure was measured on: cores that this process may use,
// processor, system and Go, without what
// tells one machine from another of its kind. What the system does not tell is left out.
func Machine() string {
	parts := []string{fmt.Sprintf("%d cores", runtime.NumCPU())}
	if model := processor(); model != "" {
		parts = append(parts, model)
	}
	system := runtime.GOOS + "/" + runtime.GOARCH
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		version, _, _ := strings.Cut(strings.TrimSpace(string(release)), "-")
		system += " " + version
	}
	return strings.Join(append(parts, system, runtime.Version()), ", ")
}

// processor is the model's name from proc(5); empty where there is none.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for l := range strings.Lines(string(info)) {
		name, value, ok := strings.Cut(l, ":")
		if ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
