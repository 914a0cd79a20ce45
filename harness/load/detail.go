package load

import (
	"net"
	"strings"
)

// errorText is what err says without the local addresses of connections: of
// "read tcp 127.0.0.1:35426->127.0.0.1:80: reset" it is "read tcp 127.0.0.1:80:
// reset". Their ports are others each time: they tell nobody anything, and would
// make ten thousand texts of one.
func errorText(err error) string {
	words := strings.Split(err.Error(), " ")
	for i, word := range words {
		local, remote, ok := strings.Cut(word, "->")
		if !ok {
			continue
		}
		if _, _, err := net.SplitHostPort(local); err == nil {
			words[i] = remote
		}
	}
	return strings.Join(words, " ")
}
