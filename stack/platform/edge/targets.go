package edge

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"github.com/fournines/fournines/stack/platform/transition"
)

// targets is what is known of the gateways. All methods may be called
// concurrently.
type targets struct {
	transitions *transition.List

	mu sync.Mutex
	// wanted is what the next configuration says, applied what nginx serves by.
	wanted, applied []target
	// resting are the gateways that nginx said it leaves alone, and that have
	// answered nothing since.
	resting map[string]bool
}

func newTargets(all []Gateway) *targets {
	t := &targets{transitions: transition.New(), resting: map[string]bool{}}
	for _, g := range all {
		t.wanted = append(t.wanted, target{Gateway: g})
	}
	return t
}

// next is what the next configuration is to say.
func (t *targets) next() []target {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.wanted)
}

// serving notes that nginx serves by a configuration.
func (t *targets) serving(applied []target) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.applied = applied
}

// moved notes a gateway's address and reports whether it is another one.
func (t *targets) moved(name string, to netip.Addr) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.wanted {
		w := &t.wanted[i]
		if address := netip.AddrPortFrom(to, w.Port); w.Name == name && w.address != address {
			w.address = address
			return true
		}
	}
	return false
}

// weigh gives a gateway another weight in the next configuration.
func (t *targets) weigh(name string, weight int) error {
	if weight < 0 || weight > MostWeight {
		return fmt.Errorf("weight is %d, want 0 to %d", weight, MostWeight)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.wanted {
		if t.wanted[i].Name == name {
			t.wanted[i].Weight = weight
			return nil
		}
	}
	return fmt.Errorf("there is no gateway %q", name)
}

// at names the gateway that nginx serves by an address; empty for none.
func (t *targets) at(address string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, a := range t.applied {
		if a.address.IsValid() && a.address.String() == address {
			return a.Name
		}
	}
	return ""
}

// rests notes that nginx leaves a gateway alone because requests failed.
func (t *targets) rests(name, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if name == "" || t.resting[name] {
		return
	}
	t.resting[name] = true
	t.transitions.Add(transition.Transition{Kind: "ejected", Service: "gateway", Subject: name, Detail: detail})
}

// answered notes that a gateway answered a request.
func (t *targets) answered(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.resting[name] {
		return
	}
	delete(t.resting, name)
	t.transitions.Add(transition.Transition{Kind: "readmitted", Service: "gateway", Subject: name, Detail: "it has answered a request again"})
}

// Server is one gateway as nginx is told of it.
type Server struct {
	Name string `json:"name"`
	// Address is that of the configuration that serves; empty while none is
	// known.
	Address string `json:"address,omitempty"`
	// Weight is that of the configuration that serves.
	Weight int `json:"weight"`
	// Resting is true from when nginx said that it leaves the gateway alone
	// until the gateway answers a request again.
	Resting bool `json:"resting,omitempty"`
}

// servers is what nginx serves by.
func (t *targets) servers() []Server {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := []Server{}
	for _, a := range t.applied {
		s := Server{Name: a.Name, Weight: a.Weight, Resting: t.resting[a.Name]}
		if a.address.IsValid() {
			s.Address = a.address.String()
		}
		all = append(all, s)
	}
	return all
}
