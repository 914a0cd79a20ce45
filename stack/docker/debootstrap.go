package docker

import (
	"context"
	"fmt"
	"os/exec"
)

// findDebootstrap returns debootstrap's path, after installing it where the
// machine's package manager is apt.
func findDebootstrap(ctx context.Context, say func(string)) (string, error) {
	if path, err := exec.LookPath("debootstrap"); err == nil {
		return path, nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return "", fmt.Errorf("debootstrap is not installed; install it with the system's package manager, or load the image %q into the engine by hand", officialBase)
	}
	say("installing debootstrap")
	install := func() error {
		return runProgram(ctx, say, false, "apt-get", "install", "-y", "--no-install-recommends", "debootstrap", "debian-archive-keyring")
	}
	if install() != nil { // the package lists may be missing or old
		if err := runProgram(ctx, say, false, "apt-get", "update"); err != nil {
			return "", fmt.Errorf("install debootstrap: %w", err)
		}
		if err := install(); err != nil {
			return "", fmt.Errorf("install debootstrap: %w", err)
		}
	}
	path, err := exec.LookPath("debootstrap")
	if err != nil {
		return "", fmt.Errorf("find debootstrap after installing it: %w", err)
	}
	return path, nil
}
