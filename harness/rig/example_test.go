package rig_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/harness/spec"
	"github.com/fournines/fournines/stack/inproc"
)

// A scenario of one's own against the platform inside this process. With
// docker.Up instead of inproc.Up the same lines run against containers.
func Example() {
	scenario, err := spec.Parse("mine.yaml", []byte(`
apiVersion: fournines/v1
kind: Scenario
metadata: {name: mine}
hypothesis: killing a catalog replica costs at most one request in a hundred
load: {rate: 50/s, mix: browse}
steady: {for: 1s, warmup: 1s}
disruption: {for: 2s}
recovery: {for: 1s}
faults:
  - {action: container-kill, target: {component: catalog, mode: one}}
slo: {availability: 99.99%}
limits: {failed: 1%}
`))
	if err != nil {
		log.Fatal(err) // every mistake, with line and column
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	platform, err := inproc.Up(ctx, inproc.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer func() {
		if err := platform.Down(ctx); err != nil {
			log.Fatal(err)
		}
	}()

	evidence, err := rig.Trial(ctx, scenario, platform, 7, 1)
	if err != nil {
		log.Fatal(err) // the harness could not do its job
	}
	verdict := harness.Judge(scenario, []harness.Evidence{evidence}, nil)
	fmt.Println("broken:", verdict.Outcome == harness.Fail)
	fmt.Println("trials:", len(verdict.Trials))
	// Output:
	// broken: false
	// trials: 1
}
