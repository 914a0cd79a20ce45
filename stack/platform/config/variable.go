package config

import (
	"context"
	"fmt"
)

// variable is an environment variable. It does not change while a program
// runs.
type variable struct {
	name   string
	getenv func(string) string
}

func (v variable) String() string { return fmt.Sprintf("environment variable %q", v.name) }

// Watch implements Source.
func (v variable) Watch(ctx context.Context, emit func(Update)) error {
	if text := v.getenv(v.name); text != "" {
		emit(Update{Document: []byte(text), Version: hash([]byte(text))})
	} else {
		emit(Update{Err: fmt.Errorf("read %s: it is not set", v)})
	}
	<-ctx.Done()
	return nil
}
