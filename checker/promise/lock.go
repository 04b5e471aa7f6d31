package promise

import (
	"strings"
)

// lock is the ladder of locks.
func (j *judge) lock() []Promise {
	all := j.linear()
	exclusion := j.from("mutual-exclusion", "no two holders of a lock at the same moment, by what they were told", "exclusion")
	r := j.result("exclusion")
	holds := number(r, "holds")
	exclusion.untested(holds < 2, "the lock was granted less than twice")
	exclusion.figure("overlaps", number(r, "overlaps"), "")
	exclusion.figure("holds", holds, "")

	fencing := j.from("fencing", "fencing tokens grow, and the protected resource never goes back", "fencing")
	r = j.result("fencing")
	if fencing.Standing == NotDecided && number(r, "grants") == 0 {
		fencing.open("the lock grants no numbers")
	}
	fencing.untested(number(r, "grants") < 2, "fewer than two numbers were granted")
	fencing.figure("violations", number(r, "violations"), "")
	fencing.figure("grants", number(r, "grants"), "")
	return append(all, exclusion, j.lease(holds), fencing)
}

// lease is the promise of the run's checks that know a time to live.
func (j *judge) lease(holds int64) Promise {
	p := Promise{Name: "lease", Meaning: "a lock is granted to nobody else before its time to live is over, and held by nobody after"}
	p.open("the run names no time to live")
	var standings []Promise
	for _, c := range j.checks {
		kind, parameter := checkOf(c.Name())
		if kind == "expiry" || kind == "linearizable" && (strings.HasPrefix(parameter, "lease(") || strings.HasPrefix(parameter, "reentrant-lease(")) {
			standings = append(standings, j.from(p.Name, p.Meaning, c.Name()))
		}
	}
	// Violated beats not decided, which beats held.
	for _, s := range standings {
		switch {
		case !p.Asked, s.Standing == Violated && p.Standing != Violated, s.Standing == NotDecided && p.Standing == Held:
			p = s
		}
	}
	p.untested(holds < 2, "the lock was granted less than twice")
	return p
}
