// Package readback reads back what the load wrote: all of it after a trial, for
// the ledger, and a sample all the time, to see when data can be read.
package readback
