package main

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/fournines/fournines/stack/docker"
)

// denied are the words that mark what is not to be broken without a typed
// confirmation.
func denied() []string { return []string{"prod", "production", "live"} }

// describing are the prefixes of labels that describe an image for people.
var describing = [...]string{"org.opencontainers.image.", "org.label-schema."}

// checkDeny refuses a pattern that could never match.
func checkDeny(pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil || strings.TrimSpace(pattern) == "" {
		return fmt.Errorf("--deny %q: want a word such as payroll, or a pattern such as eu-*", pattern)
	}
	return nil
}

// marks are where the patterns match among the names and labels of an attached
// stack: `label env=prod of container "shop-web-1" (pattern "prod")`.
func marks(project string, members []docker.Member, patterns []string) []string {
	var found []string
	look := func(where, text string) {
		for _, p := range patterns {
			if mark := fmt.Sprintf("%s (pattern %q)", where, p); denies(p, text) && !slices.Contains(found, mark) {
				found = append(found, mark)
				return
			}
		}
	}
	look(fmt.Sprintf("its name %q", project), project)
	for _, m := range members {
		look(fmt.Sprintf("container %q", m.Container), m.Container)
		look(fmt.Sprintf("component %q", m.Component), m.Component)
		for _, key := range slices.SortedFunc(maps.Keys(m.Labels), cmp.Compare[string]) {
			if slices.ContainsFunc(describing[:], func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
				continue
			}
			where := fmt.Sprintf("label %s=%s of container %q", key, m.Labels[key], m.Container)
			look(where, key)
			look(where, m.Labels[key])
		}
	}
	return found
}

// denies reports whether text, or a word in it, matches the pattern without
// regard to case. Words are letters and digits; digits at a word's end do not
// count. So prod matches shop-prod2 and prod.eu, and not product.
func denies(pattern, text string) bool {
	pattern, text = strings.ToLower(pattern), strings.ToLower(text)
	matches := func(s string) bool {
		ok, _ := path.Match(pattern, s) // was checked
		return ok
	}
	if matches(text) {
		return true
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(words, func(w string) bool { return matches(w) || matches(strings.TrimRight(w, "0123456789")) })
}
