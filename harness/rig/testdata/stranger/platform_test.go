package shop_test

import (
	"context"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/matchers"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/harness/spec"
	"github.com/fournines/fournines/stack/inproc"
	"github.com/onsi/gomega"
)

const kill = `
apiVersion: fournines/v1
kind: Scenario
metadata: {name: my-kill}
hypothesis: killing a catalog replica costs at most one request in a hundred
load: {rate: 100/s, mix: browse}
steady: {for: 1s, warmup: 1s}
disruption: {for: 3s}
recovery: {for: 2s}
faults:
  - {action: container-kill, target: {component: catalog, mode: one}}
slo: {availability: 99.99%}
limits: {failed: 1%}
`

func TestAKilledReplicaCostsNextToNothing(t *testing.T) {
	g := gomega.NewWithT(t)
	scenario, err := spec.Parse("kill.yaml", []byte(kill)) // or spec.ParseFile
	g.Expect(err).NotTo(gomega.HaveOccurred())

	platform, err := inproc.Up(t.Context(), inproc.Options{}) // or docker.Up
	g.Expect(err).NotTo(gomega.HaveOccurred())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := platform.Down(ctx); err != nil {
			t.Error(err)
		}
	})

	const seed = 7 // the same seed hits the same replica
	evidence, err := rig.Trial(t.Context(), scenario, platform, seed, 1)
	g.Expect(err).NotTo(gomega.HaveOccurred()) // the harness could not do its job

	verdict := harness.Judge(scenario, []harness.Evidence{evidence}, nil)
	if verdict.Outcome == harness.Invalid {
		t.Skip(verdict.Sentence) // no evidence, such as on a busy machine; t.Fatal where there must be some
	}
	g.Expect(verdict).To(matchers.LoseAtMost(0.01))
	g.Expect(verdict).To(matchers.DetectWithin(5 * time.Second))
}
