package netfault

import "sync/atomic"

// Harm is a rule that lies on links. Its methods are safe for concurrent use.
type Harm struct {
	fabric *Fabric
	links  Links
	rule   Rule

	heldBytes, unanswered, refused, resets, halfOpened, slowCloses atomic.Int64
}

// Rule returns the rule.
func (h *Harm) Rule() Rule { return h.rule }

// Heal takes the rule away from all its links at once. It reports false if it was
// no longer there. Rules that lie on the same links besides stay.
func (h *Harm) Heal() bool { return h.fabric.heal(func(other *Harm) bool { return other == h }) > 0 }

// Effect tells what a rule has done since it was set.
type Effect struct {
	// HeldBytes had to wait, or were lost.
	HeldBytes int64
	// Unanswered attempts to connect. Where the kernel dropped them, each try
	// counts anew.
	Unanswered int64
	// Refused attempts to connect.
	Refused int64
	// Resets are connections that were reset on all sides that were still open.
	Resets int64
	// HalfOpened connections were reset on one side.
	HalfOpened int64
	// SlowCloses are ends of streams that had to wait.
	SlowCloses int64
}

// Took reports whether anything happened at all. A fault without effect is no
// fault.
func (e Effect) Took() bool { return e != Effect{} }

// Effect returns what the rule has done up to now, or up to its healing.
func (h *Harm) Effect() Effect {
	h.fabric.countUnanswered()
	return Effect{
		HeldBytes:  h.heldBytes.Load(),
		Unanswered: h.unanswered.Load(),
		Refused:    h.refused.Load(),
		Resets:     h.resets.Load(),
		HalfOpened: h.halfOpened.Load(),
		SlowCloses: h.slowCloses.Load(),
	}
}
