package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

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

// coresFlag is --cores: "catalog=0.1,gateway=0.5".
type coresFlag struct{ choices *stack.Choices }

func (f coresFlag) Type() string { return "COMPONENT=CORES" }

func (f coresFlag) String() string {
	if f.choices == nil {
		return ""
	}
	var all []string
	for _, component := range slices.Sorted(maps.Keys(f.choices.Cores)) {
		all = append(all, fmt.Sprintf("%s=%v", component, f.choices.Cores[component]))
	}
	return strings.Join(all, ",")
}

func (f coresFlag) Set(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		component, number, _ := strings.Cut(one, "=")
		cores, err := strconv.ParseFloat(number, 64)
		if component == "" || err != nil {
			return fmt.Errorf("%q: want COMPONENT=CORES, as in catalog=0.1", one)
		}
		if f.choices.Cores == nil {
			f.choices.Cores = map[string]float64{}
		}
		f.choices.Cores[component] = cores
	}
	return nil
}
