package docker

import (
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
)

const (
	modulePath  = "github.com/fournines/fournines"
	programPath = modulePath + "/cmd/fournines"
)

// program returns the static Linux executable of fournines for the engine's
// architecture: this process's own if it is one, else one that is built from
// the module's source with the Go toolchain.
func (e *engine) program(ctx context.Context, report reporter, cache string) (raw []byte, err error) {
	err = report.step("fournines executable", func(t *task) error {
		own, why := ownProgram(e.arch)
		if why == nil {
			t.result("this process's own")
			raw, err = os.ReadFile(own)
			return err
		}
		t.detail("building it: " + why.Error())
		raw, err = buildProgram(ctx, cache, e.arch, t.detail)
		if err != nil {
			return fmt.Errorf("get an executable for the containers: cannot use this process's own: %w; building one: %w\nBuild fournines with CGO_ENABLED=0, or run it in its source folder", why, err)
		}
		return nil
	})
	return raw, err
}

// ownProgram returns the path of this process's executable, or why it is of no
// use inside a container.
func ownProgram(arch string) (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	if info, ok := debug.ReadBuildInfo(); !ok || info.Path != programPath {
		return "", errors.New("this process is not the fournines command")
	}
	return path, checkStatic(path, arch)
}

// machines are the ELF machine numbers of Go's architectures that a container
// engine runs on.
var machines = map[string]elf.Machine{
	"386": elf.EM_386, "amd64": elf.EM_X86_64, "arm": elf.EM_ARM, "arm64": elf.EM_AARCH64,
	"ppc64le": elf.EM_PPC64, "riscv64": elf.EM_RISCV, "s390x": elf.EM_S390,
}

// checkStatic returns nil when the file is a Linux executable for the
// architecture that needs no dynamic loader.
func checkStatic(path, arch string) error {
	file, err := elf.Open(path)
	if err != nil {
		return fmt.Errorf("%q is not a Linux executable: %w", path, err)
	}
	defer file.Close()
	if want := machines[arch]; file.Machine != want {
		return fmt.Errorf("%q is for %v, the engine runs %s", path, file.Machine, arch)
	}
	for _, p := range file.Progs {
		if p.Type == elf.PT_INTERP {
			return fmt.Errorf("%q is linked dynamically", path)
		}
	}
	return nil
}
