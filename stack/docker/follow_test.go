package docker

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFollow(t *testing.T) {
	for _, c := range []struct {
		rule, stream string
		want         []string
		wantErr      string
	}{
		{"lines of a build are passed on",
			`{"stream":"Step 1/2 : FROM x\n"}{"stream":" ---> abc\n"}{"stream":"\n"}`,
			[]string{"Step 1/2 : FROM x", "---> abc"}, ""},
		{"the states of a pull are passed on with their share",
			`{"status":"Pulling from library/debian","id":"bookworm-slim"}{"status":"Downloading","progressDetail":{"current":5,"total":20},"id":"a1"}`,
			[]string{"bookworm-slim: Pulling from library/debian", "a1: Downloading 25 %"}, ""},
		{"of a line that is drawn again and again the last state counts",
			`{"stream":"5%\r50%\r100%\n"}`, []string{"100%"}, ""},
		{"an error is an error", `{"errorDetail":{"message":"no space left"},"error":"no space left"}`, nil, "no space left"},
		{"an error quotes the lines before it",
			`{"stream":"E: Unable to locate package etcd-server\n"}{"errorDetail":{"message":"returned a non-zero code: 100"}}`,
			[]string{"E: Unable to locate package etcd-server"}, "non-zero code: 100; its last lines were:\nE: Unable to locate package etcd-server"},
		{"an answer that breaks off is an error", `{"stream":"Step`, nil, "read the engine's answer"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var got []string
			err := follow(strings.NewReader(c.stream), func(line string) { got = append(got, line) })
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			if c.wantErr == "" && err != nil || c.wantErr != "" && (err == nil || !strings.Contains(err.Error(), c.wantErr)) {
				t.Errorf("error %v, want one with %q", err, c.wantErr)
			}
		})
	}
	t.Run("only the last lines are kept", func(t *testing.T) {
		var last tail
		for i := range 100 {
			last.add(strings.Repeat("x", i))
		}
		if got := len(last.lines); got != tailLines || last.lines[tailLines-1] != strings.Repeat("x", 99) {
			t.Errorf("%d lines are kept, want the last %d", got, tailLines)
		}
	})
}
