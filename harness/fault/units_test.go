package fault

import (
	"testing"
	"time"
)

func TestUnits(t *testing.T) {
	rate, room := bitRate("rate", "", "10Mbit", "x"), size("size", "1MiB", "1MiB", "x")
	if !rate.Required || room.Required {
		t.Errorf("required: %v without a default, %v with one", rate.Required, room.Required)
	}
	for value, p := range map[string]Param{"10": rate, "0bit": rate, "10mbit": rate, "10 Mbit": rate, "64KB": room, "0B": room, "1e3B": room, "0.1B": room} {
		if err := p.Check(value); err == nil {
			t.Errorf("%q is accepted", value)
		}
	}
	for value, p := range map[string]Param{"500kbit": rate, "2.5Gbit": rate, "64KiB": room} {
		if err := p.Check(value); err != nil {
			t.Error(err)
		}
	}
}

func TestValuesOfABinding(t *testing.T) {
	v := Values{"d": "1m", "p": "12.5%", "n": "7", "f": "2.5", "r": "10Mbit", "s": "1.5KiB"}
	for name, ok := range map[string]bool{
		"duration": v.Duration("d") == time.Minute,
		"fraction": v.Fraction("p") == .125,
		"count":    v.Count("n") == 7,
		"factor":   v.Factor("f") == 2.5,
		"rate":     v.BitRate("r") == 10_000_000,
		"size":     v.Size("s") == 1536,
		"missing":  v.Size("none") == 0 && v.Fraction("none") == 0,
	} {
		if !ok {
			t.Errorf("%s is wrong", name)
		}
	}
}
