// Package shape decides what happens to each packet of a stream: how long it is
// held, whether it is lost, doubled, damaged or overtaken. It knows of no
// kernel and has no clock; the same plan and seed decide the same.
package shape
