package docs_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// covers reports whether pattern ("x", "x/..." or "...") names the folder.
func covers(pattern, folder string) bool {
	if pattern == "..." || pattern == folder {
		return true
	}
	parent, deep := strings.CutSuffix(pattern, "/...")
	return deep && (folder == parent || strings.HasPrefix(folder, parent+"/"))
}

// anyCovers reports whether one of patterns names the folder.
func anyCovers(patterns []string, folder string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, folder) })
}

// rowFor returns the most specific row for a folder.
func rowFor(table []row, folder string) (row, bool) {
	var best row
	found := false
	for _, r := range table {
		if covers(r.folder, folder) && (!found || len(r.folder) > len(best.folder) || r.folder == folder) {
			best, found = r, true
			if r.folder == folder {
				break
			}
		}
	}
	return best, found
}

// checkArrows returns every import between our own packages that the table
// does not allow, and every package that has no row.
func checkArrows(pkgs []pkg, table []row) []string {
	var problems []string
	for _, p := range pkgs {
		r, ok := rowFor(table, p.folder())
		if !ok {
			problems = append(problems, fmt.Sprintf("%s has no row in the package table: say what it holds and what it may import", p.folder()))
			continue
		}
		for _, imported := range p.Imports {
			target, own := strings.CutPrefix(imported, module+"/")
			if own && !anyCovers(r.may, target) {
				problems = append(problems, fmt.Sprintf("%s imports %s; its row allows %v", p.folder(), target, r.may))
			}
		}
	}
	return problems
}

// dependencyFor returns the row of the module that an import path belongs to.
func dependencyFor(table []dependency, imported string) (dependency, bool) {
	var best dependency
	for _, d := range table {
		if covers(d.module+"/...", imported) && len(d.module) > len(best.module) {
			best = d
		}
	}
	return best, best.module != ""
}

// thirdParty reports whether an import path is neither ours nor the standard
// library's, whose paths have no dot in the first element.
func thirdParty(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return strings.Contains(first, ".") && imported != module && !strings.HasPrefix(imported, module+"/")
}

// checkDependencies returns every import of a third-party module that the
// table does not allow.
func checkDependencies(pkgs []pkg, table []dependency) []string {
	var problems []string
	for _, d := range table {
		if (len(d.packages) > 1 || slices.Contains(d.packages, "...")) && d.why == "" {
			problems = append(problems, fmt.Sprintf("%s has %d importing packages and no reason", d.module, len(d.packages)))
		}
	}
	for _, p := range pkgs {
		for _, imported := range p.Imports {
			if !thirdParty(imported) {
				continue
			}
			d, ok := dependencyFor(table, imported)
			switch {
			case !ok:
				problems = append(problems, fmt.Sprintf("%s imports %s, which has no row in the third-party table", p.folder(), imported))
			case !anyCovers(d.packages, p.folder()):
				problems = append(problems, fmt.Sprintf("%s imports %s; only %v may: go through it, or give a reason in the table", p.folder(), imported, d.packages))
			}
		}
		for _, imported := range p.tests() {
			if d, ok := dependencyFor(table, imported); ok && d.tests != nil && !anyCovers(d.tests, p.folder()) {
				problems = append(problems, fmt.Sprintf("tests of %s import %s; only those of %v may", p.folder(), imported, d.tests))
			}
		}
	}
	return problems
}

// checkStale returns rows, arrows and rights that describe nothing that exists.
func checkStale(pkgs []pkg, table []row, deps []dependency) []string {
	var problems []string
	for _, r := range table {
		if !slices.ContainsFunc(pkgs, func(p pkg) bool { return covers(r.folder, p.folder()) }) {
			problems = append(problems, fmt.Sprintf("the package table has a row for %s, which does not exist", r.folder))
			continue
		}
		for _, target := range r.may {
			used := func(p pkg) bool {
				return covers(r.folder, p.folder()) && slices.ContainsFunc(p.Imports, func(i string) bool {
					imported, own := strings.CutPrefix(i, module+"/")
					return own && covers(target, imported)
				})
			}
			if !slices.ContainsFunc(pkgs, used) {
				problems = append(problems, fmt.Sprintf("the package table lets %s import %s, which it does not", r.folder, target))
			}
		}
	}
	for _, d := range deps {
		imports := func(p pkg, list []string) bool {
			return slices.ContainsFunc(list, func(i string) bool {
				found, ok := dependencyFor(deps, i)
				return ok && found.module == d.module
			})
		}
		for _, folder := range d.packages {
			if !slices.ContainsFunc(pkgs, func(p pkg) bool { return covers(folder, p.folder()) && imports(p, p.Imports) }) {
				problems = append(problems, fmt.Sprintf("the third-party table lets %s import %s, which it does not", folder, d.module))
			}
		}
		if len(d.packages) == 0 && !slices.ContainsFunc(pkgs, func(p pkg) bool { return imports(p, p.tests()) }) {
			problems = append(problems, fmt.Sprintf("the third-party table has a row for %s, which nothing imports", d.module))
		}
	}
	return problems
}

// emptyNames say where code was put and not what it is.
var emptyNames = []string{"util", "utils", "common", "helper", "helpers", "types", "base", "misc", "shared", "lib", "testutil"}

// checkNames returns packages whose name says nothing.
func checkNames(pkgs []pkg) []string {
	var problems []string
	for _, p := range pkgs {
		if slices.Contains(emptyNames, path.Base(p.ImportPath)) || slices.Contains(emptyNames, p.Name) {
			problems = append(problems, fmt.Sprintf("%s: a package is named for what it does, not for where things are put", p.folder()))
		}
	}
	return problems
}

// checkDocs returns packages without a package comment.
func checkDocs(pkgs []pkg) []string {
	var problems []string
	for _, p := range pkgs {
		if len(p.GoFiles) > 0 && strings.TrimSpace(p.Doc) == "" {
			problems = append(problems, fmt.Sprintf("%s has no package comment", p.folder()))
		}
	}
	return problems
}
