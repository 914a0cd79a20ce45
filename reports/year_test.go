package reports

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func yearRun(y *harness.YearBudget) run {
	s := samples()["pass"]
	r := newRun(sampleRun, s.verdicts, s.evidence)
	r.year = y
	return r
}

func TestYearGolden(t *testing.T) {
	golden(t, "year.html", render(t, yearRun(sampleYear()).html))
	golden(t, "year.md", render(t, yearRun(sampleYear()).markdown))
	s := samples()["pass"]
	golden(t, "year.txt", render(t, func(w io.Writer) error {
		return Terminal(w, s.verdicts, TerminalOptions{Evidence: s.evidence, Year: sampleYear()})
	}))
}

func TestTheYearIsSaidHonestly(t *testing.T) {
	nothing := &harness.YearBudget{Objective: 0.9999, Finding: harness.Finding{Reason: "No sound injection."}}
	for _, tt := range []struct {
		rule      string
		year      *harness.YearBudget
		says, not string
	}{
		{"a figure that nobody published is said to be assumed", sampleYear(), "(assumed)", ""},
		{"a wide bound comes with what would narrow it", sampleYear(), "33 injections of process-crash, none costlier, would bound it by", ""},
		{"a bound over what one risk may take is no kept limit", sampleYear(), "not shown to be within the 25 %", "each is within"},
		{"what was not measured is named", sampleYear(), "5 of the catalogue's 7 risks: process-hang, dns-outage, disk-full and 2 more", ""},
		{"a class that the catalogue lacks is named", sampleYear(), "left out: meteor", ""},
		{"without a bound no number stands for it", unboundedYear(), "no upper bound is known", "100000000"},
		{"a fault that was cut off needs a longer disruption", unboundedYear(), "lasts until the platform has repaired it", "33 injections of process-crash"},
		{"without a sound injection nothing is claimed", nothing, "No sound injection.", "takes most"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			for name, write := range map[string]func(io.Writer) error{
				"terminal": func(w io.Writer) error { return Terminal(w, nil, TerminalOptions{Width: 1000, Year: tt.year}) },
				"markdown": yearRun(tt.year).markdown,
			} {
				text := strings.ReplaceAll(string(render(t, write)), nbsp, " ")
				if !strings.Contains(text, tt.says) || tt.not != "" && strings.Contains(text, tt.not) {
					t.Errorf("%s: want %q and not %q in\n%s", name, tt.says, tt.not, text)
				}
			}
			page := strings.ReplaceAll(string(render(t, yearRun(tt.year).html)), nbsp, " ")
			if tt.not != "" && strings.Contains(page, tt.not) || strings.Contains(page, "<script>") {
				t.Errorf("the page has %q or a script", tt.not)
			}
		})
	}
}

func TestTheYearIsReadBackAsItWasWritten(t *testing.T) {
	d, err := Create(t.TempDir(), sampleRun)
	if err != nil {
		t.Fatal(err)
	}
	s := samples()["pass"]
	for _, want := range []*harness.YearBudget{unboundedYear(), nil} {
		if err := d.Write(s.verdicts, s.evidence, want); err != nil {
			t.Fatal(err)
		}
		got, err := d.Year()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the year came back otherwise (-want +got):\n%s", diff)
		}
	}
}

func TestAYearOfALaterSchemaIsRefused(t *testing.T) {
	d, err := Create(t.TempDir(), sampleRun)
	if err != nil {
		t.Fatal(err)
	}
	later := sampleYear()
	later.Schema = harness.YearSchema + 1
	src, err := json.Marshal(savedVerdicts{Schema: fileSchema, Year: later})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.File(VerdictFile), src, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Year(); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("error %v, want one that says to use a newer fournines", err)
	}
}
