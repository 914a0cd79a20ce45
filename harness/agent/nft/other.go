//go:build !linux

package nft

import (
	"errors"
	"net/netip"
)

// Table is of Linux only.
type Table struct{}

// Match and Verdict are of Linux only.
type (
	Match   struct{}
	Verdict struct{}
)

var errSystem = errors.Join(ErrUnsupported, errors.New("want Linux"))

func Create(string, ...Chain) (*Table, error)      { return nil, errSystem }
func Possible(string, ...Chain) error              { return errSystem }
func Present(string) (bool, error)                 { return false, errSystem }
func (t *Table) Counts() (map[string]Count, error) { return nil, errSystem }
func (t *Table) Close() error                      { return nil }

func ToTCP(uint16) Match       { return Match{} }
func FromTCP(uint16) Match     { return Match{} }
func ToUDP(uint16) Match       { return Match{} }
func FromUDP(uint16) Match     { return Match{} }
func TCP() Match               { return Match{} }
func UDP() Match               { return Match{} }
func TCPPush() Match           { return Match{} }
func WithoutMark(uint32) Match { return Match{} }
func NotLoopback() Match       { return Match{} }
func NotToLoopback() Match     { return Match{} }
func ToLocal() Match           { return Match{} }
func From(netip.Prefix) Match  { return Match{} }
func To(netip.Prefix) Match    { return Match{} }
func Random(float64) Match     { return Match{} }
func Accept() Verdict          { return Verdict{} }
func Drop() Verdict            { return Verdict{} }
func Reset() Verdict           { return Verdict{} }
func Redirect(uint16) Verdict  { return Verdict{} }
