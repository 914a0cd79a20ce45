package probe

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func at(url string) func() (string, bool) { return func() (string, bool) { return url, true } }

func nowhere() (string, bool) { return "", false }
