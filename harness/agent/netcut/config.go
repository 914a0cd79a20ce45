package netcut

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Names of the effects in an agent's table.
const (
	Effect  = "net-cut"
	Witness = "net-witness"
)

// All in place of peers' addresses means whoever is not the namespace itself.
const All = "all"

// Config says which packets do not pass. Args is how it travels to the agent.
type Config struct {
	// Peers are whom packets come from and go to; nil means everybody but
	// Except. Loopback is never cut.
	Peers, Except []netip.Addr
	// In and Out are the directions that are cut, as the namespace sees them.
	In, Out bool
	// Reset answers packets of TCP with a reset in place of dropping them; it
	// takes a Port and cuts what comes in.
	Reset bool
	// Protocol is "tcp", "udp" or empty for all.
	Protocol string
	// Port is the port on the namespace's side, PeerPort that on the peers'; 0
	// means all.
	Port, PeerPort uint16
	// Kill ends established connections of TCP at once, where the kernel can.
	Kill bool
	// Flap, when its Period is not 0, makes the cut come and go.
	Flap Flap
}

// Args are the arguments of the spec.
func (c Config) Args() map[string]string {
	args := map[string]string{"peers": list(c.Peers), "except": list(c.Except), "direction": direction(c.In, c.Out)}
	if c.Peers == nil {
		args["peers"] = All
	}
	set := func(name, value string, really bool) {
		if really {
			args[name] = value
		}
	}
	set("verdict", "reset", c.Reset)
	set("protocol", c.Protocol, c.Protocol != "")
	set("port", strconv.Itoa(int(c.Port)), c.Port != 0)
	set("peer-port", strconv.Itoa(int(c.PeerPort)), c.PeerPort != 0)
	set("kill", "true", c.Kill)
	set("period", c.Flap.Period.String(), c.Flap.Period != 0)
	set("share", strconv.FormatFloat(c.Flap.Share, 'g', -1, 64), c.Flap.Period != 0)
	set("seed", strconv.FormatUint(c.Flap.Seed, 10), c.Flap.Period != 0)
	return args
}

func list(addresses []netip.Addr) string {
	texts := make([]string, len(addresses))
	for i, a := range addresses {
		texts[i] = a.String()
	}
	return strings.Join(texts, ",")
}

func direction(in, out bool) string {
	switch {
	case in && out:
		return "both"
	case in:
		return "in"
	default:
		return "out"
	}
}

// parse is the reverse of Args, and says what is wrong.
func parse(args map[string]string) (Config, error) {
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if !slices.Contains([]string{"peers", "except", "direction", "verdict", "protocol", "port", "peer-port", "kill", "period", "share", "seed"}, name) {
			return Config{}, fmt.Errorf("unknown argument %q", name)
		}
	}
	c := Config{
		In: args["direction"] == "in" || args["direction"] == "both", Out: args["direction"] == "out" || args["direction"] == "both",
		Reset: args["verdict"] == "reset", Protocol: args["protocol"], Kill: args["kill"] == "true",
	}
	var errs []error
	if args["peers"] != All {
		c.Peers = addresses("peers", args["peers"], &errs)
		if len(c.Peers) == 0 {
			errs = append(errs, fmt.Errorf("peers: want addresses or %q, saw %q", All, args["peers"]))
		}
	}
	c.Except = addresses("except", args["except"], &errs)
	c.Port, c.PeerPort = port("port", args["port"], &errs), port("peer-port", args["peer-port"], &errs)
	errs = append(errs, c.flap(args), c.check())
	return c, errors.Join(errs...)
}

func addresses(name, text string, errs *[]error) (all []netip.Addr) {
	if text == "" {
		return nil
	}
	for word := range strings.SplitSeq(text, ",") {
		a, err := netip.ParseAddr(word)
		if err != nil {
			*errs = append(*errs, fmt.Errorf("%s: want addresses with commas between them, saw %q", name, word))
		}
		all = append(all, a.Unmap())
	}
	return all
}

func port(name, text string, errs *[]error) uint16 {
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		*errs = append(*errs, fmt.Errorf("%s: want a port from 1 to 65535, saw %q", name, text))
	}
	return uint16(n)
}

func (c *Config) flap(args map[string]string) (err error) {
	if args["period"] == "" {
		return nil
	}
	var errs [3]error
	c.Flap.Period, errs[0] = time.ParseDuration(args["period"])
	c.Flap.Share, errs[1] = strconv.ParseFloat(args["share"], 64)
	c.Flap.Seed, errs[2] = strconv.ParseUint(args["seed"], 10, 64)
	return errors.Join(append(errs[:], c.Flap.check())...)
}

func (c Config) check() error {
	switch {
	case !c.In && !c.Out:
		return errors.New("direction: want in, out or both")
	case c.Protocol != "" && c.Protocol != "tcp" && c.Protocol != "udp":
		return fmt.Errorf("protocol: want tcp, udp or none, saw %q", c.Protocol)
	case c.Reset && (c.Protocol != "tcp" || c.Port == 0 || c.Out):
		return errors.New("verdict reset: want protocol tcp, a port and direction in")
	case (c.Port != 0 || c.PeerPort != 0) && c.Protocol == "":
		return errors.New("port: want a protocol with it")
	case len(c.Except) > 0 && c.Peers != nil:
		return fmt.Errorf("except: want it with peers %q alone", All)
	}
	return nil
}
