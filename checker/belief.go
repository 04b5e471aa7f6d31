package checker

import (
	"cmp"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// endings finds when holders of locks stopped believing that they hold them.
//
// A holder's own process ends its belief by calling release, whatever comes of
// it, by asking for the lock again, or when the resource that the lock protects
// refuses its write. Another process ends it by a release that names its token:
// the client goes on as another process after an unknown outcome. Where nothing
// of this happened the belief lasts as long as the process is heard of.
type endings struct {
	own map[processKey][]ending
	// named are releases of a token by processes it was not granted to before.
	named  map[tokenKey][]ending
	grants map[tokenKey]int
	heard  map[history.Process]int64
}

// ending is an operation that may end a belief.
type ending struct {
	id      int
	at      int64
	process history.Process
}

type processKey struct {
	process history.Process
	key     string
}

type tokenKey struct {
	key   string
	token history.Value
}

type tokenOwner struct {
	tokenKey
	process history.Process
}

func findEndings(all []history.Op, prepared []model.Op) endings {
	e := endings{map[processKey][]ending{}, map[tokenKey][]ending{}, map[tokenKey]int{}, map[history.Process]int64{}}
	for i := range all {
		op := &all[i]
		e.heard[op.Process] = max(e.heard[op.Process], op.Call)
		if op.Return != history.Never {
			e.heard[op.Process] = max(e.heard[op.Process], op.Return)
		}
		by, end := processKey{op.Process, op.Key}, ending{op.Invoked, op.Call, op.Process}
		switch {
		case op.F == "write" && op.Outcome != history.Fail:
			continue
		case op.F == "write":
			end.at = op.Return
		case op.F == "release" && names(op.Input):
			of := tokenKey{op.Key, op.Input}
			e.named[of] = append(e.named[of], end)
		}
		e.own[by] = append(e.own[by], end)
	}
	e.attribute(prepared)
	return e
}

// attribute takes away from named what a process released of its own.
func (e *endings) attribute(prepared []model.Op) {
	since := map[tokenOwner]int64{} // the first grant of a token to a process
	for i := range prepared {
		op := &prepared[i]
		if !granted(op) {
			continue
		}
		for _, token := range tokens(op) {
			of := tokenOwner{tokenKey{op.Key, token}, op.Process}
			e.grants[of.tokenKey]++
			if _, again := since[of]; !again {
				since[of] = op.Return
			}
		}
	}
	for of, releases := range e.named {
		e.named[of] = slices.DeleteFunc(releases, func(r ending) bool {
			first, had := since[tokenOwner{of, r.process}]
			return had && first <= r.at
		})
	}
}

// names reports whether the value names an acquisition.
func names(v history.Value) bool {
	return !v.IsAbsent() && !v.IsNull() && v.Kind() != history.Boolean
}

// tokens returns the names of a grant.
func tokens(grant *model.Op) []history.Value {
	var found []history.Value
	for _, v := range []history.Value{grant.Result, grant.Arg} {
		if names(v) && !slices.Contains(found, v) {
			found = append(found, v)
		}
	}
	return found
}

// of returns when the belief that began with the grant ended.
//
// Why a token that was granted several times ends a belief only together with
// what was heard of the process: the release may be of another acquisition, and
// a belief nobody knows of must not be made longer by it.
func (e endings) of(grant *model.Op) int64 {
	end := int64(history.Never)
	own := e.own[processKey{grant.Process, grant.Key}]
	at, _ := slices.BinarySearchFunc(own, grant.ID+1, func(e ending, id int) int { return cmp.Compare(e.id, id) })
	if at < len(own) {
		end = own[at].at
	}
	heard := max(grant.Return, e.heard[grant.Process])
	for _, token := range tokens(grant) {
		of := tokenKey{grant.Key, token}
		named := e.named[of]
		at, _ := slices.BinarySearchFunc(named, grant.Return, func(e ending, from int64) int { return cmp.Compare(e.at, from) })
		if at == len(named) {
			continue
		}
		if end = min(end, named[at].at); e.grants[of] > 1 {
			end = min(end, heard)
		}
	}
	if end == history.Never {
		end = heard
	}
	return end
}
