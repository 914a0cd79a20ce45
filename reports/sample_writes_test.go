package reports

import (
	"github.com/fournines/fournines/harness"
)

// writesSample is a database that forgot the last writes before it was killed,
// in the first of two trials.
func writesSample() sample {
	v := verdict(harness.Fail, "killing \"db\": 3 of 1,190 acknowledged writes are lost, more than the limit of 0.")
	v.Scenario = "database-kill"
	v.Hypothesis = "when the database is killed no acknowledged order is lost"
	ledgers := []harness.LedgerRecord{
		{
			State: harness.LedgerReconciled, At: ms(47300), Client: "shop-1-abc", Acknowledged: 1190, Rejected: 2, Unknown: 41, Rows: 1208,
			Lost: 3, Duplicated: 1, Phantom: 1, Done: 20, NotDone: 21, RPO: ms(1240),
			Examples: []harness.WriteExample{
				{Kind: "lost", Key: "2a-2391", Sent: ms(11950), Answered: ms(11958)},
				{Kind: "duplicated", Key: "2a-2410", Copies: 2, Sent: ms(12050), Answered: ms(12310)},
				{Kind: "phantom", Key: "2a-<b>\x1b[31m", Copies: 1, Unsent: true},
			},
		},
		{State: harness.LedgerUnread, At: ms(77300), Client: "shop-2-def", Acknowledged: 1103, Detail: "not read within 30s; the last answer: want status 200, saw 503 Service Unavailable"},
	}
	var evidence []harness.Evidence
	for i, l := range ledgers {
		e, m := killEvidence(i+1), killMeasurement(i+1)
		e.Plan.Scenario.Name, e.Ledger, m.Writes = v.Scenario, &l, &l
		evidence, v.Trials = append(evidence, e), append(v.Trials, m)
	}
	v.Findings = []harness.Finding{
		finding("lostWrites", 1, harness.Fail, "3", "", "≤ 0", `3 of 1,190 acknowledged writes are lost, more than the limit of 0, for example "2a-2391".`),
		finding("duplicatedWrites", 1, harness.Fail, "1", "", "≤ 0", `1 of 1,208 rows is duplicated, more than the limit of 0, for example "2a-2410".`),
		finding("phantomWrites", 1, harness.Fail, "1", "", "≤ 0", "1 of 1,208 rows is a phantom, more than the limit of 0."),
		finding("rpo", 1, harness.Fail, "1.24 s", "", "≤ 0 ms", "Acknowledged writes of 1.24 s cannot be relied upon (3 lost), more than the limit of 0 ms."),
	}
	open := finding("lostWrites", 2, harness.Inconclusive, "", "", "≤ 0", "Lost writes were not observed: what was written could not be read back.")
	open.Code, open.Needs = harness.Unobserved, "a service that can be read after the recovery"
	v.Findings = append(v.Findings, open)
	return sample{[]harness.Verdict{v}, evidence}
}
