package harness

import (
	"fmt"
	"slices"
	"strings"
)

// deed says in plain words what was done to the stack in the first trial:
// "killing one of three catalog replicas"; "" when nothing was planned.
func deed(sound []judged) string {
	if len(sound) == 0 {
		return ""
	}
	ev := sound[0].ev
	var deeds []string
	for _, in := range ev.Plan.Injections {
		d := strings.TrimSpace(gerund(in.Action) + " " + object(in.Targets, ev.Stack.Targets))
		if !slices.Contains(deeds, d) {
			deeds = append(deeds, d)
		}
	}
	return strings.Join(deeds, " and ")
}

// gerund is what an action does, as the start of a phrase that ends in its
// object.
func gerund(action string) string {
	switch action {
	case NoopAction:
		return "injecting nothing"
	case "container-kill":
		return "killing"
	case "container-pause":
		return "freezing"
	default:
		return "injecting " + action + " into"
	}
}

// object is the part of the stack that was hit: "one of three catalog
// replicas", "catalog-1 and gateway-2".
func object(names []string, stack []Target) string {
	if len(names) == 0 {
		return ""
	}
	component, same := "", true
	for _, name := range names {
		i := slices.IndexFunc(stack, func(t Target) bool { return t.Name == name })
		if i < 0 {
			same = false
			break
		}
		if component == "" {
			component = stack[i].Component
		}
		same = same && stack[i].Component == component
	}
	if !same || component == "" {
		return listed(names)
	}
	total := 0
	for _, t := range stack {
		if t.Component == component {
			total++
		}
	}
	switch {
	case total == 1:
		return "the only " + component + " replica"
	case len(names) == total:
		return fmt.Sprintf("all %s %s replicas", spelled(total), component)
	}
	return fmt.Sprintf("%s of %s %s replicas", spelled(len(names)), spelled(total), component)
}

func listed(names []string) string {
	if len(names) > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// spelled writes small numbers as words.
func spelled(n int) string {
	words := [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return formatCount(n)
}
