package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"sync"

	"github.com/fournines/fournines/harness"
)

// runTool is toolInfo with the identity of the executable, for evidence.
func runTool() harness.ToolInfo {
	tool := toolInfo()
	tool.Build = executableDigest()
	return tool
}

// executableDigest is the content hash of the executable that runs; empty when
// it cannot be read. A version or a commit is not enough: what was changed and
// not committed is in neither.
var executableDigest = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return ""
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
})
