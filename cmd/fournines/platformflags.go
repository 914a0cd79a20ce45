package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// platformFlags say how the reference platform in containers is built.
type platformFlags struct{ choices stack.Choices }

// wholePlatform is the value of --components for every part.
const wholePlatform = "all"

func (f *platformFlags) add(flags *pflag.FlagSet, unless string) {
	flags.StringVar(&f.choices.Edge, "edge", stack.HAProxy, "what the edge is made of: "+strings.Join(stack.Edges(), ", "))
	flags.StringVar(&f.choices.Balance, "balance", stack.RoundRobin, "how the edge spreads requests over the gateways: "+strings.Join(stack.Balances(), ", "))
	flags.StringVar(&f.choices.Registry, "registry", stack.Etcd, "what keeps the registrations of services: "+strings.Join(stack.Registries(), ", "))
	flags.StringSliceVar(&f.choices.Without, "without", nil, "features that the platform is to lack: "+strings.Join(stack.Features(), ", "))
	flags.StringSliceVar(&f.choices.Components, "components", nil, "parts of the platform that are started, with what they need, or "+wholePlatform+": "+strings.Join(stack.Components(), ", ")+unless)
	flags.Var(autoscaleFlag{&f.choices}, "autoscale", "component whose number of replicas follows their load, as in catalog=cpu:70%,max=6,window=15s; metrics: "+strings.Join(stack.ScaleMetrics(), ", "))
	flags.Var(coresFlag(&f.choices), "cores", "processor cores that each replica of a component may use, as in catalog=0.1 (default what there is)")
	flags.Var(workFlag(&f.choices), "work", "processor time that each request to catalog or orders costs at least, as in catalog=3ms (default what it takes)")
	flags.Float64Var(&f.choices.ClientRate, "client-rate", 0, "requests per second that the gateways take from one client (default theirs)")
	flags.DurationVar(&f.choices.Drill, "drill", 0, "how often the backup tries to restore what it has (default 10m)")
}

// check refuses what does not exist, and what --stack has decided already.
func (f platformFlags) check(stackName string) error {
	for _, name := range f.choices.Without {
		if !slices.Contains(stack.Features(), name) {
			return unknown("feature", name, stack.Features(), "want one of "+strings.Join(stack.Features(), ", "))
		}
	}
	for _, name := range f.choices.Components {
		if name != wholePlatform && !slices.Contains(stack.Components(), name) {
			return unknown("component", name, stack.Components(), "want "+wholePlatform+" or some of "+strings.Join(stack.Components(), ", "))
		}
	}
	if !slices.Contains(stack.Edges(), f.choices.Edge) && f.choices.Edge != "" {
		return unknown("value of --edge", f.choices.Edge, stack.Edges(), "want one of "+strings.Join(stack.Edges(), ", "))
	}
	if !slices.Contains(stack.Balances(), f.choices.Balance) && f.choices.Balance != "" {
		return unknown("value of --balance", f.choices.Balance, stack.Balances(), "want one of "+strings.Join(stack.Balances(), ", "))
	}
	if !slices.Contains(stack.Registries(), f.choices.RegisteredIn()) {
		return unknown("value of --registry", f.choices.Registry, stack.Registries(), "want one of "+strings.Join(stack.Registries(), ", "))
	}
	if err := f.chosen(nil).Check(); err != nil {
		return usage(err)
	}
	if len(f.words()) > 0 && stackName != stackDocker && stackName != stackAuto {
		return usage(errors.New(strings.Join(f.words(), " ") + ": want a platform in containers that is started, as with --stack docker"))
	}
	return nil
}

// words are the flags that choose the same again.
func (f platformFlags) words() []string {
	var words []string
	if f.choices.Edge != "" && f.choices.Edge != stack.HAProxy {
		words = append(words, "--edge", f.choices.Edge)
	}
	if f.choices.Balance != "" && f.choices.Balance != stack.RoundRobin {
		words = append(words, "--balance", f.choices.Balance)
	}
	if in := f.choices.RegisteredIn(); in != stack.Etcd {
		words = append(words, "--registry", in)
	}
	if len(f.choices.Without) > 0 {
		words = append(words, "--without", strings.Join(f.choices.Without, ","))
	}
	if len(f.choices.Components) > 0 {
		words = append(words, "--components", strings.Join(f.choices.Components, ","))
	}
	for _, text := range (autoscaleFlag{&f.choices}).texts() {
		words = append(words, "--autoscale", text)
	}
	if text := coresFlag(&f.choices).String(); text != "" {
		words = append(words, "--cores", text)
	}
	if text := workFlag(&f.choices).String(); text != "" {
		words = append(words, "--work", text)
	}
	if f.choices.ClientRate != 0 {
		words = append(words, "--client-rate", fmt.Sprint(f.choices.ClientRate))
	}
	if f.choices.Drill != 0 {
		words = append(words, "--drill", f.choices.Drill.String())
	}
	return words
}

// chosen are the choices with what --components means in place of its words;
// unsaid are the components of who said nothing: all of them where a restore is
// to be tried.
func (f platformFlags) chosen(unsaid []string) stack.Choices {
	c := f.choices
	switch {
	case len(c.Components) == 0 && c.Drill == 0:
		c.Components = unsaid
	case slices.Contains(c.Components, wholePlatform):
		c.Components = nil
	}
	return c
}

// built is the choice with the platform built in a certain way. What lacks a
// feature says so on every report.
func (c stackChoice) built(choices stack.Choices) stackChoice {
	c.platform = choices
	if len(choices.Without) > 0 {
		c.banner = fmt.Sprintf("MUTANT: the platform was started %s. This verdict says what the missing is good for, and nothing about the whole platform.", choices)
	}
	return c
}

// environment is the fingerprint of this machine and of how the platform is
// built: evidence about a mutant is compared with none about the whole.
func (c stackChoice) environment(stackKind string) map[string]string {
	env := fingerprint(stackKind)
	if what := c.platform.String(); what != "" {
		env["platform"] = what
	}
	return env
}

// tool is the identity of this build together with that of the platform: a
// mutant is another build.
func (c stackChoice) tool() harness.ToolInfo {
	tool := runTool()
	if what := c.platform.String(); what != "" {
		tool.Build += " " + what
	}
	return tool
}
