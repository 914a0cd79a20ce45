package identity

import (
	"time"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Figures say how long the current certificate is still valid; there are none
// without a file.
func (f *File) Figures() []telemetry.Figure {
	if f == nil {
		return nil
	}
	return []telemetry.Figure{{
		Name:  "fournines_certificate_expires_in_days",
		Help:  "Days until the certificate that is shown to clients is no longer valid; negative once it is not.",
		Value: time.Until(f.Expires()).Hours() / 24,
	}}
}
