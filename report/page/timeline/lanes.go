package timeline

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// lanes are the rows of the picture. A process that was retired leaves its lane to
// the process that follows, so that there are about as many as there were clients.
type lanes struct {
	of    map[history.Process]int
	names []string
}

// lane is one while lanes are being laid.
type lane struct {
	first history.Process
	free  int  // the last event of its process
	home  bool // of a client
}

// lay gives each process a lane. Clients is how many there were, 0 if that is not
// known: process p is then followed by p+clients, as in Jepsen, on the same lane.
//
// No two processes are on a lane at the same time.
func lay(ops []history.Op, clients int) lanes {
	last := map[history.Process]int{}
	for i := range ops {
		last[ops[i].Process] = max(last[ops[i].Process], ops[i].Invoked, ops[i].Completed)
	}
	var (
		laid  []lane
		of    = make(map[history.Process]int, len(last))
		homes = make(map[int]int, clients)
	)
	for i := range ops {
		op := &ops[i]
		if _, known := of[op.Process]; known {
			continue
		}
		at := len(laid)
		home, settled := -1, false
		if clients > 0 {
			home, settled = homes[int(op.Process)%clients]
		}
		switch {
		case settled && laid[home].free < op.Invoked:
			at = home
		case clients > 0 && !settled:
			homes[int(op.Process)%clients] = at
		default:
			if free := slices.IndexFunc(laid, func(l lane) bool { return !l.home && l.free < op.Invoked }); free >= 0 {
				at = free
			}
		}
		if at == len(laid) {
			laid = append(laid, lane{first: op.Process, home: clients > 0 && !settled})
		}
		of[op.Process], laid[at].free = at, last[op.Process]
	}
	return inOrder(laid, of, clients)
}

// inOrder sorts the lanes by their first process.
func inOrder(laid []lane, of map[history.Process]int, clients int) lanes {
	order := make([]int, len(laid))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(laid[a].first, laid[b].first) })
	to := make([]int, len(laid))
	l := lanes{of: of}
	for at, from := range order {
		to[from] = at
		l.names = append(l.names, name(laid[from].first, clients))
	}
	for p, at := range of {
		of[p] = to[at]
	}
	return l
}

// name is what a lane is called: as faults call clients, else by its first process.
func name(p history.Process, clients int) string {
	if int(p) < clients {
		return fmt.Sprintf("c%d", p)
	}
	return fmt.Sprintf("p%d", p)
}

// ended is when the client stopped waiting; the call where that is not known.
func ended(op *history.Op) int64 {
	switch {
	case op.Return != history.Never:
		return op.Return
	case op.GaveUp > 0:
		return op.GaveUp
	}
	return op.Call
}
