package docker

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// contentHash is a short name for a list of contents: two lists have the same
// name only when all contents are equal.
func contentHash(contents ...[]byte) string {
	h := sha256.New()
	for _, c := range contents {
		fmt.Fprintf(h, "%d\n", len(c))
		h.Write(c)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// treeContents are the paths and contents of the files under the roots, in
// lexical order within each root.
func treeContents(files fs.FS, roots ...string) ([][]byte, error) {
	var contents [][]byte
	for _, root := range roots {
		err := fs.WalkDir(files, root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := fs.ReadFile(files, path)
			contents = append(contents, []byte(path), raw)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", root, err)
		}
	}
	return contents, nil
}
