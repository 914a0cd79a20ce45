package harness

import (
	"strings"
	"testing"
	"time"
)

const aDay = 24 * time.Hour

func TestRiskCatalogueValidates(t *testing.T) {
	good := RiskClass{Class: "crash", ETTF: 30 * aDay, Source: "assumption: monthly"}
	for _, tt := range []struct {
		name   string
		change func(*RiskCatalogue)
		field  string
	}{
		{"a good catalogue has no problems", func(*RiskCatalogue) {}, ""},
		{"no risks at all", func(c *RiskCatalogue) { c.Risks = nil }, "risks:"},
		{"a class is kebab-case", func(c *RiskCatalogue) { c.Risks[0].Class = "Crash It" }, "risks[0].class"},
		{"a class is unique", func(c *RiskCatalogue) { c.Risks = append(c.Risks, good) }, "risks[1].class"},
		{"a time is positive", func(c *RiskCatalogue) { c.Risks[0].ETTF = 0 }, "risks[0].ettf"},
		{"a time is bounded", func(c *RiskCatalogue) { c.Risks[0].ETTF = MaxETTF + 1 }, "risks[0].ettf"},
		{"a figure has a source", func(c *RiskCatalogue) { c.Risks[0].Source = "" }, "risks[0].source"},
		{"a source says who says so", func(c *RiskCatalogue) { c.Risks[0].Source = "the SRE book" }, "risks[0].source"},
		{"a source is one line", func(c *RiskCatalogue) { c.Risks[0].Source = "assumption: a\nb" }, "risks[0].source"},
		{"a meaning is one line", func(c *RiskCatalogue) { c.Risks[0].Means = "a\nb" }, "risks[0].means"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := RiskCatalogue{Risks: []RiskClass{good}}
			tt.change(&c)
			err := c.Validate()
			if tt.field == "" && err != nil || tt.field != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.field)) {
				t.Errorf("Validate = %v, want %q", err, tt.field)
			}
		})
	}
}
