package gateway

import (
	"fmt"
	"slices"
	"strings"
)

// Feature is a part of the gateway that can be switched off, which makes a
// mutant: a platform that lacks it.
type Feature string

// The features, by the names that Options.Without takes.
const (
	// RetriesFeature sends a request again that one endpoint did not answer.
	RetriesFeature Feature = "retries"
	// RedispatchFeature sends it to another endpoint then.
	RedispatchFeature Feature = "redispatch"
	// HealthChecksFeature asks endpoints how they are before clients notice.
	HealthChecksFeature Feature = "health-checks"
	// EjectionFeature takes endpoints out of the rotation whose answers fail.
	EjectionFeature Feature = "outlier-ejection"
	// CacheFeature keeps the last known endpoints while the registry is away.
	CacheFeature Feature = "registry-cache"
	// AuthFeature checks the clients' tokens.
	AuthFeature Feature = "auth"
	// RateLimitFeature holds clients and routes to their rates.
	RateLimitFeature Feature = "rate-limit"
	// AdmissionFeature bounds what is worked on at a time.
	AdmissionFeature Feature = "admission"
	// BreakerFeature leaves a service alone that fails.
	BreakerFeature Feature = "breaker"
	// HedgingFeature sends slow reads a second time.
	HedgingFeature Feature = "hedging"
	// ValidationFeature refuses a bad document. Only what a program is started
	// with can switch it off: a document that is not checked cannot say so.
	ValidationFeature Feature = "config-validation"
)

// Features are all of them.
func Features() []Feature {
	return []Feature{
		RetriesFeature, RedispatchFeature, HealthChecksFeature, EjectionFeature, CacheFeature, AuthFeature, RateLimitFeature, AdmissionFeature, BreakerFeature, HedgingFeature,
		ValidationFeature,
	}
}

// UnmarshalText takes the names of features only.
func (f *Feature) UnmarshalText(text []byte) error {
	if !slices.Contains(Features(), Feature(text)) {
		var names []string
		for _, f := range Features() {
			names = append(names, string(f))
		}
		return fmt.Errorf("want one of %s, saw %q", strings.Join(names, ", "), text)
	}
	*f = Feature(text)
	return nil
}

// parseFeatures reads names with commas between them; empty is none.
func parseFeatures(list string) (all []Feature, err error) {
	for name := range strings.SplitSeq(list, ",") {
		var f Feature
		switch name = strings.TrimSpace(name); {
		case name == "":
		case f.UnmarshalText([]byte(name)) != nil:
			return nil, fmt.Errorf("gateway: --without: %w", f.UnmarshalText([]byte(name)))
		default:
			all = append(all, f)
		}
	}
	return all, nil
}
