package docs_test

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// maxLines is where a file that is not a test is too long to hold one idea.
const maxLines = 400

// seededRandom are the functions of math/rand that take their seed from the
// caller; every other function of it draws from a global, unseeded source.
var seededRandom = []string{"New", "NewPCG", "NewChaCha8", "NewSource", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"}

// sourceFiles returns the Go files below codeFolders by their path from root.
func sourceFiles(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, folder := range codeFolders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			switch {
			case os.IsNotExist(err):
				return nil
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || path == filepath.Join(root, "reports", "runs")):
				return filepath.SkipDir
			case d.IsDir() || filepath.Ext(path) != ".go":
				return nil
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			files[filepath.ToSlash(name)] = src
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// checkSource returns what is wrong with one Go file.
func checkSource(name string, src []byte) []string {
	var problems []string
	test := strings.HasSuffix(name, "_test.go")
	if lines := bytes.Count(src, []byte("\n")); !test && lines > maxLines {
		problems = append(problems, fmt.Sprintf("%s has %d lines; a file over %d holds more than one idea: split it", name, lines, maxLines))
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return append(problems, err.Error())
	}
	timePkg := importName(file, "time", "time")
	syncPkg := importName(file, "testing/synctest", "synctest")
	random := cmp.Or(importName(file, "math/rand/v2", "rand"), importName(file, "math/rand", "rand"))
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				problems = append(problems, fmt.Sprintf("%s: init() runs unasked; call a function instead", fset.Position(n.Pos())))
			}
		case *ast.CallExpr:
			if test && isSelector(n.Fun, syncPkg, "Test") {
				return false // sleeping inside a bubble takes no time
			}
			if test && isSelector(n.Fun, timePkg, "Sleep") {
				problems = append(problems, fmt.Sprintf("%s: time.Sleep in a test; wait for a condition, or use testing/synctest", fset.Position(n.Pos())))
			}
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && !test && isSelector(n.Fun, random, sel.Sel.Name) && !slices.Contains(seededRandom, sel.Sel.Name) {
				problems = append(problems, fmt.Sprintf("%s: rand.%s draws from an unseeded source; take a *rand.Rand made from the plan's seed", fset.Position(n.Pos()), sel.Sel.Name))
			}
		}
		return true
	})
	return problems
}

// importName is the name under which a file uses the package at path; empty
// when it does not import it.
func importName(file *ast.File, path, name string) string {
	for _, spec := range file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != path {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return name
	}
	return ""
}

// isSelector reports whether e is pkg.name; an empty pkg never is.
func isSelector(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || pkg == "" {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == pkg && sel.Sel.Name == name
}
