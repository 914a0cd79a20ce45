package fault

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParamsAllowWhatTheySayTheyTake(t *testing.T) {
	named := free("process", "", "nginx", "the name of a process", "who is hit", func(s string) error {
		if strings.ContainsAny(s, " /") {
			return errors.New("no name")
		}
		return nil
	})
	for _, tt := range []struct {
		param    Param
		takes    string
		good     []string
		bad      []string
		standard string
	}{
		{word("signal", "KILL", "what is sent", "KILL", "TERM"), "one of KILL, TERM", []string{"KILL", "TERM"}, []string{"", "kill", "HUP"}, "KILL"},
		{span("grace", 5*time.Second, 0, 10*time.Second, "how long"), "a duration from 0s to 10s", []string{"0s", "250ms", "10s"}, []string{"", "5", "-1s", "11s"}, "5s"},
		{span("period", time.Minute, time.Second, time.Hour, "how long"), "a duration from 1s to 1h", []string{"1m30s"}, []string{"0s"}, "1m"},
		{number("workers", 1, 1, 64, "how many"), "a whole number from 1 to 64", []string{"1", "64"}, []string{"", "0", "65", "1.5", "x"}, "1"},
		{percentage("percent", 10, 100, "the share"), "a percentage above 0% and up to 100%, such as 10%", []string{"0.1%", "100%"}, []string{"", "10", "0%", "101%", "NaN%", "-1%"}, "10%"},
		{named, "the name of a process", []string{"", "nginx"}, []string{"a b", "a/b"}, ""},
	} {
		t.Run(tt.param.Name, func(t *testing.T) {
			if tt.param.Form() != tt.takes || tt.param.Default != tt.standard {
				t.Errorf("takes %q, default %q; want %q and %q", tt.param.Form(), tt.param.Default, tt.takes, tt.standard)
			}
			for _, v := range append(tt.good, tt.param.Default, tt.param.Example) {
				if err := tt.param.Check(v); err != nil {
					t.Errorf("%q is refused: %v", v, err)
				}
			}
			for _, v := range tt.bad {
				if err := tt.param.Check(v); err == nil || !strings.Contains(err.Error(), tt.takes) {
					t.Errorf("%q: error = %v, want it to say %q", v, err, tt.takes)
				}
			}
		})
	}
}
