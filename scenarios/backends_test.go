package scenarios_test

import (
	"context"
	"crypto/rand"
	"os"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/matchers"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/inproc"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// backend is one kind of stack that the catalogue is run against.
type backend struct {
	kind string
	// up brings a stack up, or skips the specs that need it.
	up func(ctx context.Context) stack.Stack
	// fit makes a scenario as long as the backend is given time for.
	fit    func(harness.Scenario) harness.Scenario
	expect func(harness.Scenario) OmegaMatcher
}

func backends() []backend {
	return []backend{
		{kind: "inproc", up: upInproc, fit: shorten, expect: asFarAsShortTrialsTell},
		{kind: "docker", up: upDocker, fit: slow, expect: meetsObjectives},
	}
}

func upInproc(ctx context.Context) stack.Stack {
	GinkgoHelper()
	st, err := inproc.Up(ctx, inproc.Options{Progress: tell})
	Expect(err).NotTo(HaveOccurred())
	return st
}

// upDocker skips where no engine answers, unless one is required.
func upDocker(ctx context.Context) stack.Stack {
	GinkgoHelper()
	if err := docker.Available(ctx); err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("FOURNINES_REQUIRE_DOCKER") == "1" {
			Fail("containers are required here: " + err.Error())
		}
		skipLoudly("no containers: " + err.Error())
	}
	o := docker.Options{RunID: "scenarios-" + rand.Text()[:10], Progress: tell}
	if suite, _ := GinkgoConfiguration(); suite.LabelFilter == chosen {
		o.Choices.Components = stack.ForReaders() // the smallest suite has to do with no others
	}
	st, err := docker.Up(ctx, o)
	Expect(err).NotTo(HaveOccurred())
	return st
}

// tell writes what takes long into the spec's output.
func tell(s stack.Step) {
	if s.Ended {
		GinkgoWriter.Printf("%s: %s (%v)\n", s.Name, s.Took.Round(time.Millisecond), s.Err)
	}
}

// shorten keeps everything of a scenario but its length and its rate.
func shorten(s harness.Scenario) harness.Scenario {
	s.Load.Rate = 100
	s.Stages.Steady, s.Stages.Baseline = 500*time.Millisecond, 2*time.Second
	if len(s.Faults) > 0 {
		s.Stages.Disruption, s.Stages.Recovery = 4*time.Second, 3*time.Second
	} else {
		s.Stages.Baseline = 12 * time.Second
	}
	return s
}

// slow sends no more requests per second than a machine can answer that runs
// the load, the platform and its database on two cores, unless somebody
// promised a machine that is fit for all of it. What proves an objective needs
// all its requests.
func slow(s harness.Scenario) harness.Scenario {
	if !fitMachine() && len(s.Faults) > 0 {
		s.Load.Rate = min(s.Load.Rate, 100)
	}
	return s
}

// asFarAsShortTrialsTell is what can be expected of a shortened scenario in one
// process: a thousand requests prove no 99.99 %.
func asFarAsShortTrialsTell(s harness.Scenario) OmegaMatcher {
	if len(s.Faults) == 0 {
		return matchers.HaveOutcome(harness.Inconclusive)
	}
	return matchers.MeetObjectives()
}
