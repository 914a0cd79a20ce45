// Command fournines breaks a service stack on purpose, under load, and proves
// with evidence whether it still keeps its promise.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
