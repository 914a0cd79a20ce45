package docs_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness/fault"
)

func TestFaultsDocument(t *testing.T) {
	const path = "faults.md"
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := fill(string(src), map[string]string{"faults": faultTable(), "interactions": interactionTable()})
	if err != nil {
		t.Fatal(err)
	}
	keep(t, path, string(src), want)
}

// faultTable is the catalogue: what each fault does, how its effect is proved
// and how it is undone.
func faultTable() string {
	var b strings.Builder
	b.WriteString("| fault | class | does | proof | undone |\n|---|---|---|---|---|\n")
	for _, k := range fault.Catalogue() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", k.Action, k.Class, cell(k.Summary), cell(k.Proof), cell(k.Undone))
	}
	return b.String()
}

// interactionTable says for every pair of classes whether faults of both may be
// in effect on one replica at the same time.
func interactionTable() string {
	classes := slices.Insert(fault.Classes(), 0, fault.Exclusive)
	var b strings.Builder
	b.WriteString("| |")
	for _, c := range classes {
		fmt.Fprintf(&b, " %s |", c)
	}
	b.WriteString("\n|---|" + strings.Repeat(":-:|", len(classes)) + "\n")
	for _, row := range classes {
		fmt.Fprintf(&b, "| **%s** |", row)
		for _, c := range classes {
			mark := " "
			if row.Compatible(c) {
				mark = "yes"
			}
			fmt.Fprintf(&b, " %s |", mark)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// cell is text that breaks no table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
