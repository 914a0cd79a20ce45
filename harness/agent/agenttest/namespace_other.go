//go:build !linux

package agenttest

import "testing"

// Namespace skips the test: network namespaces are of Linux.
func Namespace(t *testing.T) bool {
	t.Helper()
	t.Skip("network namespaces are of Linux")
	return false
}
