package load

import (
	"io"
	"log"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet is for servers whose complaints about a broken client are the point.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
