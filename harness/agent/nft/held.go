package nft

import "fmt"

// Held is the table of one effect, under a name that no other has in this
// network namespace. The zero value but for Name holds none. It is not for
// concurrent use.
type Held struct {
	Name  string
	table *Table
}

// Create makes the table.
func (h *Held) Create(chains ...Chain) (err error) {
	h.table, err = Create(h.Name, chains...)
	return err
}

// Look asks the kernel whether there is a table of that name, whoever made it,
// and says so in detail. counts are what the rules have met, by their names; nil
// when it is not held here.
func (h *Held) Look() (there bool, detail string, counts map[string]Count, err error) {
	if there, err = Present(h.Name); err != nil {
		return false, "", nil, err
	}
	detail = "there is no table " + h.Name
	if there {
		detail = "table " + h.Name + " is there"
	}
	if h.table != nil {
		counts, err = h.table.Counts()
	}
	return there, detail, counts, err
}

// Remove removes the table if it is held here, and returns nil when there is
// none of that name any more: one that another process made goes with that.
func (h *Held) Remove() error {
	if h.table != nil {
		if err := h.table.Close(); err != nil {
			return err
		}
		h.table = nil
	}
	there, err := Present(h.Name)
	if err == nil && there {
		err = fmt.Errorf("table %s is still there: want the agent that made it gone", h.Name)
	}
	return err
}
