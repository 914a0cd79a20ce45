package reports

import (
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/junit"
)

func TestAFaultThatIsNotPossibleIsSkippedInJUnit(t *testing.T) {
	for code, want := range map[harness.Code]junit.Result{
		harness.UnsupportedFault: junit.Skipped, harness.FaultNotEffective: junit.Errored,
	} {
		got := scenario{}.caseOf(harness.Finding{Check: "preconditions", Outcome: harness.Invalid, Code: code})
		if got.Result != want {
			t.Errorf("%s: result %v, want %v", code, got.Result, want)
		}
	}
}
