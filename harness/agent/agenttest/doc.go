// Package agenttest lets a test of an effect have a network namespace of its
// own: what it puts there touches nobody, and goes when it ends.
package agenttest
