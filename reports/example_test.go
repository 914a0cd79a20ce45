package reports_test

import (
	"fmt"
	"os"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

func ExampleTerminal() {
	verdict := harness.Verdict{
		Scenario: "catalog-replica-kill",
		Outcome:  harness.Pass,
		Sentence: "PASS: killing catalog-2 cost 3 of 100,000 requests.",
		Findings: []harness.Finding{{Check: "failed", Outcome: harness.Pass, Measured: "0.003 %", Limit: "≤ 0.01 %"}},
	}
	if err := reports.Terminal(os.Stdout, []harness.Verdict{verdict}, reports.TerminalOptions{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// PASS  catalog-replica-kill
	// Killing catalog-2 cost 3 of 100,000 requests.
	//
	//   check            measured  limit     outcome
	//   failed requests  0.003 %   ≤ 0.01 %  pass
	//
	//   run again   fournines run catalog-replica-kill
}

func ExampleCreate() {
	root, err := os.MkdirTemp("", "runs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(root)

	dir, err := reports.Create(root, "20261123-140211-7f3a")
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict := harness.Verdict{Scenario: "steady-state", Outcome: harness.Pass, Sentence: "PASS: it held."}
	if err := dir.Write([]harness.Verdict{verdict}, nil, nil); err != nil {
		fmt.Println(err)
		return
	}
	files, err := os.ReadDir(dir.Path())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range files {
		fmt.Println(f.Name())
	}
	// Output:
	// junit.xml
	// report.html
	// report.md
	// verdict.json
}
