package harness

// Code is a machine-readable reason for a finding's outcome.
type Code string

// Reasons for Invalid: the experiment is not evidence.
const (
	SteadyStateNotMet  Code = "STEADY_STATE_NOT_MET"
	FaultNotEffective  Code = "FAULT_NOT_EFFECTIVE"
	FaultNotRemoved    Code = "FAULT_NOT_REMOVED"
	LoadShortfall      Code = "LOAD_SHORTFALL"
	GeneratorSaturated Code = "GENERATOR_SATURATED"
	TelemetryGap       Code = "TELEMETRY_GAP"
	ClockJump          Code = "CLOCK_JUMP"
	EnvMismatch        Code = "ENV_MISMATCH"
	ZeroEvents         Code = "ZERO_EVENTS"
	InterruptedRun     Code = "INTERRUPTED"
	HarnessError       Code = "HARNESS_ERROR"
	// UnsupportedFault: this machine or stack cannot do a fault; nothing was
	// broken and nothing is said about the stack.
	UnsupportedFault Code = "UNSUPPORTED_FAULT"
	// BlastRadius: when the fault was to be injected, it would have taken more
	// than it may, because other replicas were gone already.
	BlastRadius Code = "BLAST_RADIUS"
	// SafetyLever: somebody pulled a lever, or nobody could tell.
	SafetyLever Code = "SAFETY_LEVER"
)

// Reasons for Inconclusive and Fail.
const (
	NoEvidence     Code = "NO_EVIDENCE"
	NoObjectives   Code = "NO_OBJECTIVES"
	TooFewRequests Code = "TOO_FEW_REQUESTS"
	TooFewTrials   Code = "TOO_FEW_TRIALS"
	Unobserved     Code = "UNOBSERVED"
	NoBaseline     Code = "NO_BASELINE"
	LimitExceeded  Code = "LIMIT_EXCEEDED"
	NotRecovered   Code = "NOT_RECOVERED"
	ErrorRatioHigh Code = "ERROR_RATIO_TOO_HIGH"
	// Suspect: refuted when looked at alone, but not among all the checks that
	// the run declared.
	Suspect Code = "SUSPECT"
	// SafetyStop: the fault did more harm than the scenario allows and was
	// taken back at once.
	SafetyStop Code = "ABORTED"
	// WithinResolution: beyond the limit, but by less than what the
	// measurement can tell apart.
	WithinResolution Code = "WITHIN_RESOLUTION"
)
