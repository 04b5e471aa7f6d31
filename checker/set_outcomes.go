package checker

import (
	"github.com/jepsen-lite/jepsen-lite/history"
)

// outcomes counts what became of the elements of a set.
type outcomes struct {
	attempted, stable, lost, neverRead, stale, unexpected, duplicated int
	// stableNS and lostNS are how long after they were known elements were still
	// missing, or last read.
	stableNS, lostNS []int64
}

func (t *outcomes) statistics() map[string]any {
	return map[string]any{
		"attempted": t.attempted, "stable": t.stable, "lost": t.lost, "never_read": t.neverRead, "stale": t.stale,
		"unexpected": t.unexpected, "duplicated": t.duplicated,
		"stable_latencies_ms": frequencies(milliseconds(t.stableNS)), "lost_latencies_ms": frequencies(milliseconds(t.lostNS)),
	}
}

func milliseconds(ns []int64) []int64 {
	ms := make([]int64, len(ns))
	for i := range ns {
		ms[i] = ns[i] / 1e6
	}
	return ms
}

// judge tells what became of one key's elements.
func (t *outcomes) judge(c setFull, s *census, o Options) []Anomaly {
	anomalies := append(s.unexpected, s.repeated...)
	t.unexpected += len(s.unexpected)
	t.duplicated += len(s.repeated)
	for _, f := range s.fates {
		if f.failed && !o.JepsenQuirks {
			continue
		}
		t.attempted++
		switch {
		case s.isStable(f):
			t.stable++
			late := s.latency(f, f.absent)
			t.stableNS = append(t.stableNS, late)
			stale := s.missed(f)
			if o.JepsenQuirks {
				stale = late/1e6 > 0
			}
			if !stale {
				continue
			}
			if t.stale++; c.linearizable {
				anomalies = append(anomalies, s.proof(f, "stale", "a read did not contain %s, which was known to be in the set before it began", f.element))
			}
		case s.missed(f):
			t.lost++
			t.lostNS = append(t.lostNS, s.latency(f, f.present))
			anomalies = append(anomalies, s.proof(f, "lost", "%s was in the set, but not in a read that began later, nor in any that began after that", f.element))
		default:
			t.neverRead++
		}
	}
	return anomalies
}

// isStable reports whether a read contains the element and none that began later
// lacks it.
func (s *census) isStable(f *fate) bool {
	return f.present >= 0 && s.began(f.absent) < s.began(f.present)
}

// missed reports whether a read lacks the element that began when it was known.
func (s *census) missed(f *fate) bool { return f.known != nil && f.knownAt() < s.began(f.absent) }

// began returns the index of a read's invocation; -1 for none.
func (s *census) began(at int) int {
	if at < 0 {
		return -1
	}
	return called(s.reads[at])
}

// latency returns how long after the element was known that read began, and one
// nanosecond; 0 for none, or one that began before.
func (s *census) latency(f *fate, at int) int64 {
	if at < 0 {
		return 0
	}
	return max(s.reads[at].Call+1-f.known.Return, 0)
}

// proof is an anomaly shown by what made the element known and the read that
// lacks it.
func (s *census) proof(f *fate, kind, format string, v history.Value) Anomaly {
	a := anomaly(kind, format, v)
	a.Ops = []int{f.known.Invoked, s.reads[f.absent].Invoked}
	return a
}
