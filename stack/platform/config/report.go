package config

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"strconv"

	"github.com/fournines/fournines/stack"
)

// StatePath is where the admin port serves the State.
const StatePath = stack.ConfigPath

// ServeHTTP serves the State as JSON.
func (b *Board) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(b.State())
}

// Number is a version as a number for a metric: a revision is itself, a hash
// its value, and any other text a hash of it. Equal versions have equal
// numbers; no version is 0.
func Number(version string) float64 {
	if n, err := strconv.ParseUint(version, 10, 53); err == nil {
		return float64(n)
	}
	if n, err := strconv.ParseUint(version, 16, 53); err == nil {
		return float64(n)
	}
	if version == "" {
		return 0
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(version))
	return float64(sum.Sum32())
}
