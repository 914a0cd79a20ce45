package docker

import (
	"context"
	"errors"
	"fmt"

	"github.com/moby/moby/client"
)

// EngineInfo is what the container engine says of itself.
type EngineInfo struct {
	// Address is where it was found: "unix:///var/run/docker.sock".
	Address string
	// Version is the engine's, API the version of the API that is spoken.
	Version, API string
	// Arch is the architecture in Go's terms, Cgroup the version: "1" or "2".
	Arch, Cgroup string
	// Cores and MemoryBytes are what containers can use.
	Cores       int
	MemoryBytes int64
	// BaseImage is the base image that a build would use without obtaining
	// one first; empty when there is none yet.
	BaseImage string
	// PlatformImages is how many images of the platform there are.
	PlatformImages int
}

// Describe asks the container engine what it is. Nothing is changed. The error
// is that of Available, or says which question was not answered.
func Describe(ctx context.Context) (info EngineInfo, err error) {
	e, err := connect(ctx)
	if err != nil {
		return EngineInfo{}, err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	about, err := e.api.Info(ctx, client.InfoOptions{})
	if err != nil {
		return EngineInfo{}, fmt.Errorf("ask the engine at %q about itself: %w", e.address, err)
	}
	info = EngineInfo{
		Address: e.address, Version: e.version, API: e.api.ClientVersion(), Arch: e.arch,
		Cgroup: about.Info.CgroupVersion, Cores: about.Info.NCPU, MemoryBytes: about.Info.MemTotal,
	}
	for _, ref := range []string{officialBase, builtBase} {
		found, err := e.hasImage(ctx, ref)
		if err != nil {
			return info, err
		}
		if found && info.BaseImage == "" {
			info.BaseImage = ref
		}
	}
	images, err := e.api.ImageList(ctx, client.ImageListOptions{Filters: make(client.Filters).Add("reference", platformRepository+":*")})
	if err != nil {
		return info, fmt.Errorf("list images: %w", err)
	}
	info.PlatformImages = len(images.Items)
	return info, nil
}
