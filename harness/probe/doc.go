// Package probe has the checks that look at a stack from outside: one HTTP
// request and what its answer must be, one Prometheus query and what its
// result must be. Each Check asks once and never retries: the engine decides
// how often to ask. Every error says what was expected and what was seen.
package probe
