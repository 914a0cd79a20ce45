package stack

import (
	"context"
	"time"
)

// ConfigRoot is where the reference platform's programs have their documents:
// ConfigRoot + program.
const ConfigRoot = "/fournines/config/"

// ConfigCentre is a stack whose programs follow documents that can be read and
// changed while they run. All methods may be called concurrently.
type ConfigCentre interface {
	// Configurations returns the versions of a program's document, the oldest
	// first: the last one is what the program should use now. A program without
	// a document is an error.
	Configurations(ctx context.Context, program string) ([]Document, error)
	// Configure makes a document the newest of a program and returns its
	// version. It checks nothing: the program does, and says what it thinks of
	// it on its admin port.
	Configure(ctx context.Context, program string, document []byte) (version string, err error)
	// ConfigState is what a replica itself says of its document.
	ConfigState(ctx context.Context, replica string) (ConfigState, error)
}

// Document is one version of a program's configuration.
type Document struct {
	Version string
	Text    []byte
}

// ConfigState is what a program says of its configuration, as JSON at
// ConfigPath on its admin port.
type ConfigState struct {
	// Version is that of the document in use, since Applied.
	Version string    `json:"version"`
	Applied time.Time `json:"applied"`
	// Refused is the version of the newest document if that one is not in use,
	// and Reason why.
	Refused string `json:"refused"`
	Reason  string `json:"reason"`
	// Away says why the config centre cannot be read; empty while it can.
	Away string `json:"away"`
}

// ConfigPath is where a program's admin port serves its ConfigState.
const ConfigPath = "/-/config"
