package load

import (
	"errors"
	"net"
	"testing"
)

func TestErrorTextLeavesOutLocalAddresses(t *testing.T) {
	reset := &net.OpError{
		Op: "read", Net: "tcp", Err: errors.New("connection reset by peer"),
		Source: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 35426}, Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80},
	}
	for _, test := range []struct {
		rule string
		err  error
		want string
	}{
		{"the remote address stays", reset, "read tcp 127.0.0.1:80: connection reset by peer"},
		{"also within another error", errors.Join(errors.New("body"), reset), "body\nread tcp 127.0.0.1:80: connection reset by peer"},
		{"IPv6", errors.New("read tcp [::1]:35426->[::1]:80: EOF"), "read tcp [::1]:80: EOF"},
		{"an arrow that is no connection stays", errors.New("a->b"), "a->b"},
		{"no arrow", errors.New("EOF"), "EOF"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if got := errorText(test.err); got != test.want {
				t.Errorf("errorText = %q, want %q", got, test.want)
			}
		})
	}
}
