package fault

import (
	"errors"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/shape"
)

func loss() Kind {
	return Kind{
		Action:  "loss",
		Summary: "lose some packets of a replica",
		Explain: "A share of the packets is lost, each by itself. With p and r they are lost in bursts (Gilbert–Elliott): before each packet the link goes from good to bad with chance p and back with chance r, " +
			"and loses lossGood or lossBad of what comes; percent is not used then. The sender is not told; TCP sends again, at the earliest after 200 ms, a first packet after a second." + shapeScope,
		Method:  shapeMethod,
		Class:   NetworkShape,
		Proof:   "of connections that another container opens at the same time some are not answered before the packet is sent again, and the agent has lost packets",
		Undone:  shapeUndone + "; every connection is answered",
		Example: "{action: loss, target: {component: catalog, mode: one}, percent: 10%, at: 0s, duration: 10s}",
		Params: shapeParams(
			percentage("percent", 10, 100, "the share of packets that are lost"),
			share("p", 0, 100, "with r: the chance that the link turns bad before a packet"),
			share("r", 0, 100, "with p: the chance that it turns good again"),
			share("lossGood", 0, 100, "what is lost while the link is good"),
			share("lossBad", 100, 100, "what is lost while the link is bad"),
		),
		check: func(v Values) error {
			if _, bursts := burstsOf(v); !bursts && (v.Fraction("p") > 0 || v.Fraction("r") > 0) {
				return errors.New("parameters \"p\" and \"r\": want both above 0% or none")
			}
			return nil
		},
		bind: func(b Binding) (harness.Fault, error) {
			p := shape.Plan{Loss: b.Values.Fraction("percent"), Distribution: shape.Uniform}
			if bursts, ok := burstsOf(b.Values); ok {
				p.Loss, p.Bursts = 0, &bursts
			}
			return shaped("loss", b, p, silence("lost"), same)
		},
	}
}

func burstsOf(v Values) (shape.Bursts, bool) {
	b := shape.Bursts{P: v.Fraction("p"), R: v.Fraction("r"), LossGood: v.Fraction("lossGood"), LossBad: v.Fraction("lossBad")}
	return b, b.P > 0 && b.R > 0
}

// silence reports whether connections stay without an answer, and the counter
// counts.
func silence(counter string) func(*shaping, glance, glance, map[string]int64) (bool, string) {
	return func(_ *shaping, before, now glance, kernel map[string]int64) (bool, string) {
		quiet := now.silent() > 0 || before.answered == 0
		return quiet && kernel[counter] > 0, "want connections without an answer, and packets " + counter
	}
}
