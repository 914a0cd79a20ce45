package controller

// Kinds of transitions; their subject is the replica or node that they name.
const (
	// NoticedKind: the subject ended, hangs or is lost.
	NoticedKind = "noticed"
	// RestartedKind, PlacedKind, RemovedKind: the controller has begun to
	// start, to make or to remove the subject.
	RestartedKind = "restarted"
	PlacedKind    = "placed"
	RemovedKind   = "scaled-in"
	// HealedKind: the subject, which was bad, is ready again.
	HealedKind = "healed"
	// ReplacedKind: another replica is ready in the subject's place.
	ReplacedKind = "replaced"
	// BackOffKind: the subject keeps ending and is started later.
	BackOffKind = "back-off"
	// FailedKind: something could not be done about the subject.
	FailedKind = "failed"
	// ScaledKind: the number of replicas that the subject, a component, should
	// have was changed because of its load.
	ScaledKind = "scaled"
)
