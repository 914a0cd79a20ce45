package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/stack"
)

// autoscaleFlag is --autoscale: each use adds a component.
type autoscaleFlag struct{ choices *stack.Choices }

func (f autoscaleFlag) Type() string   { return "COMPONENT=METRIC:TARGET" }
func (f autoscaleFlag) String() string { return strings.Join(f.texts(), " ") }

// texts are the values that say the same again.
func (f autoscaleFlag) texts() (all []string) {
	if f.choices == nil { // pflag asks a zero value
		return nil
	}
	for _, component := range slices.Sorted(maps.Keys(f.choices.Autoscale)) {
		all = append(all, f.choices.Autoscale[component].Text(component))
	}
	return all
}

func (f autoscaleFlag) Set(text string) error {
	component, a, err := stack.ParseAutoscale(text)
	if err != nil {
		return err
	}
	if f.choices.Autoscale == nil {
		f.choices.Autoscale = map[string]stack.Autoscale{}
	}
	f.choices.Autoscale[component] = a
	return nil
}

// byComponent is a flag that gives components a value each: "catalog=0.1,orders=0.2".
type byComponent[T any] struct {
	values *map[string]T
	// unit is what is shown in place of a value, example one of them.
	unit, example string
	parse         func(string) (T, error)
}

// coresFlag is --cores, workFlag is --work.
func coresFlag(c *stack.Choices) byComponent[float64] {
	parse := func(text string) (float64, error) { return strconv.ParseFloat(text, 64) }
	return byComponent[float64]{&c.Cores, "CORES", "catalog=0.1", parse}
}

func workFlag(c *stack.Choices) byComponent[time.Duration] {
	return byComponent[time.Duration]{&c.Work, "TIME", "catalog=3ms", time.ParseDuration}
}

func (f byComponent[T]) Type() string { return "COMPONENT=" + f.unit }

func (f byComponent[T]) String() string {
	if f.values == nil { // pflag asks a zero value
		return ""
	}
	var all []string
	for _, component := range slices.Sorted(maps.Keys(*f.values)) {
		all = append(all, fmt.Sprintf("%s=%v", component, (*f.values)[component]))
	}
	return strings.Join(all, ",")
}

func (f byComponent[T]) Set(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		component, value, _ := strings.Cut(one, "=")
		v, err := f.parse(value)
		if component == "" || err != nil {
			return fmt.Errorf("%q: want %s, as in %s", one, f.Type(), f.example)
		}
		if *f.values == nil {
			*f.values = map[string]T{}
		}
		(*f.values)[component] = v
	}
	return nil
}
