package probe

import "fmt"

// Op compares a value that was seen with one that is expected.
type Op string

// The comparisons, written as in PromQL.
const (
	Equal    Op = "=="
	NotEqual Op = "!="
	Above    Op = ">"
	AtLeast  Op = ">="
	Below    Op = "<"
	AtMost   Op = "<="
)

// holds reports whether `seen op want`; with NaN only != holds.
func (o Op) holds(seen, want float64) (bool, error) {
	switch o {
	case Equal:
		return seen == want, nil
	case NotEqual:
		return seen != want, nil
	case Above:
		return seen > want, nil
	case AtLeast:
		return seen >= want, nil
	case Below:
		return seen < want, nil
	case AtMost:
		return seen <= want, nil
	}
	return false, fmt.Errorf("compare values: unknown comparison %q; want ==, !=, >, >=, < or <=", string(o))
}
