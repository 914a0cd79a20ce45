package fault

import (
	"fmt"
	"slices"
)

// Class is what a kind takes from its target, as far as that decides which
// other faults may be in effect on the same replica at the same time. Each of
// two such faults must be seen to take effect, and be undone, without regard
// to the other.
type Class string

const (
	// Exclusive shares a replica with nothing that touches it. It is the
	// default of a kind that names no class.
	Exclusive Class = ""
	// None touches no replica.
	None Class = "none"
	// Load changes the traffic, not a replica.
	Load Class = "load"
	// ProcessDown ends the target's process.
	ProcessDown Class = "process-down"
	// Frozen keeps the target's processes from running.
	Frozen Class = "frozen"
	// NetworkCut keeps packets from passing at all.
	NetworkCut Class = "network-cut"
	// NetworkShape lets packets pass later, changed or in part.
	NetworkShape Class = "network-shape"
	// Resource takes processor time, memory, processes or descriptors.
	Resource Class = "resource"
	// Disk takes space, speed or content of a disk.
	Disk Class = "disk"
	// Clock moves the target's wall clock.
	Clock Class = "clock"
	// App changes what the application answers.
	App Class = "app"
)

// Classes returns every class but Exclusive, in the order of listings.
func Classes() []Class {
	return []Class{None, Load, ProcessDown, Frozen, NetworkCut, NetworkShape, Resource, Disk, Clock, App}
}

// companions are the classes that may share a replica; each pair stands here
// once, in the order of Classes. None and Load go with everything, and no
// other class goes with itself: two such faults could neither be told apart
// nor undone one by one.
var companions = map[Class][]Class{
	NetworkCut:   {Resource, Disk, Clock},
	NetworkShape: {Resource, Disk, Clock},
	Resource:     {Disk, Clock},
	Disk:         {Clock},
	Clock:        {App},
}

// why says for a class why another fault cannot be in effect beside it.
var why = map[Class]string{
	Exclusive:    "this kind of fault shares its replica with no other",
	ProcessDown:  "without its process nothing else can be seen on the replica, nor undone",
	Frozen:       "a frozen process answers nothing, and whatever is proved by an answer cannot be proved",
	NetworkCut:   "where no packet passes, nothing can be proved by one",
	NetworkShape: "what one does to the packets hides what the other does",
	Resource:     "what the replica lacks through one cannot be told from what it lacks through the other",
	Disk:         "what one does to the disk hides what the other does",
	Clock:        "the replica has one clock",
	App:          "an answer that one changes proves nothing about the other",
}

// Compatible reports whether faults of both classes may be in effect on one
// replica at the same time.
func (c Class) Compatible(d Class) bool {
	switch {
	case c == None, c == Load, d == None, d == Load:
		return true
	}
	return slices.Contains(companions[c], d) || slices.Contains(companions[d], c)
}

// String is the class in words.
func (c Class) String() string {
	if c == Exclusive {
		return "exclusive"
	}
	return string(c)
}

// Overlap returns nil when faults of two actions may be in effect on one
// replica at the same time; else the error says why they may not. An action
// that does not exist is Exclusive.
func Overlap(held, wanted string) error {
	a, b := classOf(held), classOf(wanted)
	if a.Compatible(b) {
		return nil
	}
	// The reason of the class that shuts out more comes first in its words.
	reason := why[a]
	if slices.Index(Classes(), b) < slices.Index(Classes(), a) {
		reason = why[b]
	}
	return fmt.Errorf("%s (%s) and %s (%s) must not be in effect on one replica at the same time: %s", held, a, wanted, b, reason)
}

func classOf(action string) Class {
	kind, _ := Lookup(action)
	return kind.Class
}

// Companions returns the classes whose faults may be in effect on the same
// replica as one of k, at the same time, and those that may not.
func (k Kind) Companions() (with, without []Class) {
	for _, c := range Classes() {
		if k.Class.Compatible(c) {
			with = append(with, c)
		} else {
			without = append(without, c)
		}
	}
	return with, without
}
