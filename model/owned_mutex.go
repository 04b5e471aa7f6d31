package model

import (
	"fmt"
	"math"
	"strconv"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// NoFence is the Amount of a grant whose number is not known.
const NoFence = math.MinInt64

// ownedMutex is a lock that only its holder releases, and that it may acquire
// again, if it may, before it releases it as often.
//
// The holder is the token where an acquire and a release both name one, else the
// process. Where results name a client, as those of Jepsen's Hazelcast analysis
// do ({"client": c, "fence": n}), it is the client.
type ownedMutex struct {
	locks
	// limit is how often it may be held at once; 0: as often as the holder likes.
	limit int
	// fenced: a grant has a number, larger than all granted before.
	fenced bool
	// clients are those that the history names; nil: none.
	clients map[history.Process]history.Value
}

func makeOwnerMutex(string) (spec, error)  { return ownedMutex{limit: 1}, nil }
func makeFencedMutex(string) (spec, error) { return ownedMutex{limit: 1, fenced: true}, nil }

func makeReentrantMutex(parameter string) (spec, error) {
	limit, err := parseHolds(parameter)
	return ownedMutex{limit: limit}, err
}

func makeReentrantFencedMutex(parameter string) (spec, error) {
	limit, err := parseHolds(parameter)
	return ownedMutex{limit: limit, fenced: true}, err
}

func parseHolds(parameter string) (int, error) {
	if parameter == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(parameter)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("how often it may be held is %q: expected a number from 1, as in reentrant-mutex(2)", parameter)
	}
	return n, nil
}

// survey learns which client each process works for. In such a history an
// operation's own value is no token: it is another for each.
func (m ownedMutex) survey(ops []history.Op) spec {
	clients := map[history.Process]history.Value{}
	for i := range ops {
		if client, ok := ops[i].Output.Field("client"); ok && ops[i].Outcome == history.OK {
			clients[ops[i].Process] = client
		}
	}
	if len(clients) > 0 {
		m.clients = clients
	}
	return m
}

func (m ownedMutex) prepare(h *history.Op, op *Op) (bool, error) {
	keep, err := m.locks.prepare(h, op)
	if !keep || err != nil {
		return false, err
	}
	fence := op.Put
	if m.clients != nil {
		fence = m.asClient(h, op)
	}
	if op.Action == Grant && m.fenced {
		op.Amount = NoFence
		if op.Certain && says(fence) {
			op.Amount, err = integer("the token of an acquire", fence)
		}
	}
	return true, err
}

// asClient makes the client the token of the operation, and returns the grant's
// number. Hazelcast's number for none is 0.
func (m ownedMutex) asClient(h *history.Op, op *Op) (fence history.Value) {
	client, known := m.clients[h.Process]
	op.anonymous = !known
	switch op.Action {
	case Grant:
		op.Put = client
	case Free, GiveUp:
		op.Need = client
	}
	if n, ok := op.Result.Field("fence"); ok && n != history.Int(0) {
		return n
	}
	return history.Value{}
}

func (m ownedMutex) init() any { return holding{known: true, fence: NoFence} }
func (m ownedMutex) open() any { return holding{fence: NoFence} }

func (m ownedMutex) step(state any, op *Op) (bool, any) {
	h := state.(holding)
	switch op.Action {
	case Held:
		return h.seenHeld(op)
	case Grant:
		return m.grant(h, op)
	case GiveUp:
		if !h.known {
			return true, h // it may be another's
		}
	}
	switch {
	case h.known && !(h.held && h.ownedBy(op, op.Need)):
		return !op.Certain || op.Action == GiveUp, h
	case m.limit == 1:
		return true, h.released()
	}
	after := h.left()
	if !after.known && h.held && h.number != NoFence {
		after.fence-- // whoever still holds it may be granted that number again
	}
	return true, after
}

// grant is an acquire that got the lock, for the first time or once more.
func (m ownedMutex) grant(h holding, op *Op) (bool, holding) {
	again := h.held && h.ownedBy(op, op.Put)
	full := m.limit > 0 && max(h.depth, 1) >= m.limit
	if h.held && (!again || full) || !m.fits(h, op, again) {
		return !op.Certain, h
	}
	after := h
	switch {
	case !again:
		after = h.granted(op)
		after.number = NoFence
		if h.known || m.limit == 1 {
			after.depth = 1
		}
	case h.depth > 0:
		after.depth++
	}
	if m.fenced && op.Amount != NoFence {
		after.number, after.fence = op.Amount, max(h.fence, op.Amount)
	}
	return true, after
}

// fits reports whether a grant's number can be right: that of the grants it comes
// on top of, where they have one, else one larger than all before.
func (m ownedMutex) fits(h holding, op *Op, again bool) bool {
	switch {
	case !m.fenced || op.Amount == NoFence:
		return true
	case again && h.number != NoFence:
		return op.Amount == h.number
	}
	return op.Amount > h.fence
}

// ownedBy reports whether op, which names that token, can be the holder's: by
// token where both are known, else by process.
func (h holding) ownedBy(op *Op, token history.Value) bool {
	switch {
	case says(h.token) && says(token):
		return h.token == token
	case h.anonymous || op.anonymous || says(token):
		return true
	}
	return h.process == op.Process
}
