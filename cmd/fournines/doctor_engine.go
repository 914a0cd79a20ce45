package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/fournines/fournines/stack/docker"
)

// checkEngine asks the container engine about itself; where none answers
// there is nothing else to ask.
func checkEngine(ctx context.Context) []diagnosis {
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	info, err := docker.Describe(ctx)
	if err != nil {
		return []diagnosis{{"container engine", unfit, err.Error(), "install Docker, start it, and let this user use it; `fournines run --stack inproc` works without"}}
	}
	return []diagnosis{
		{Check: "container engine", Health: healthy, Seen: fmt.Sprintf("%s, API %s, at %s", info.Version, info.API, info.Address)},
		{Check: "control groups", Health: healthy, Seen: "version " + info.Cgroup},
		checkEngineSize(info),
		checkBase(info, obtainDebootstrap),
	}
}

// checkEngineSize compares what containers can use with what the platform
// needs: on a desktop the engine has its own, smaller machine.
func checkEngineSize(info docker.EngineInfo) diagnosis {
	d := judgeAmount("engine's memory", uint64(info.MemoryBytes)/(1<<20), wantMemoryMiB, 0, "give the container engine more memory in its settings")
	d.Seen = fmt.Sprintf("%s, %d cores", d.Seen, info.Cores)
	if d.Health == healthy && info.Cores < wantCores {
		d.Health, d.Do = doubtful, fmt.Sprintf("give the container engine %d cores in its settings", wantCores)
	}
	return d
}

// checkBase says where the base image comes from. It is pulled when the engine
// has none, and made with debootstrap when it cannot be pulled.
func checkBase(info docker.EngineInfo, debootstrap func() (string, bool)) diagnosis {
	d := diagnosis{Check: "base image", Health: healthy}
	if info.BaseImage != "" {
		d.Seen = fmt.Sprintf("%s is in the engine", info.BaseImage)
		return d
	}
	how, ok := debootstrap()
	d.Seen = "not in the engine yet: it will be pulled, or else " + how
	if !ok {
		d.Health = doubtful
		d.Seen = "not in the engine yet: it will be pulled, which needs an image registry"
		d.Do = "where none can be reached: " + how
	}
	return d
}

// obtainDebootstrap says how a base image can be made here; false when it
// cannot, with what to do about that.
func obtainDebootstrap() (string, bool) {
	_, missing := exec.LookPath("debootstrap")
	_, noApt := exec.LookPath("apt-get")
	switch {
	case missing != nil && noApt != nil:
		return "install debootstrap, or load debian:bookworm-slim into the engine by hand", false
	case os.Geteuid() != 0:
		return "run `sudo fournines up` once, because debootstrap needs root, or load debian:bookworm-slim into the engine by hand", false
	case missing != nil:
		return "made with debootstrap, which will be installed with apt-get", true
	}
	return "made with debootstrap", true
}
