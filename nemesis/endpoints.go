package nemesis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// endpoints are all who are on the network, with what they are at the moment.
type endpoints struct {
	nodes   []target.Node
	roles   map[string]target.Role
	clients []string
	draw    draw
}

// draw chooses so many of several.
type draw struct {
	nodes func([]target.Node, int) []target.Node
	names func([]string, int) []string
	// more is 0 or 1.
	more func() int
	// order returns the numbers below n in some order.
	order func(n int) []int
}

func (e Env) chance() draw {
	return draw{e.pick, e.pickNames, func() int { return e.Rand.IntN(2) }, func(n int) []int { return e.Rand.Perm(n) }}
}

// fixed leaves nothing to chance.
func fixed() draw {
	first := func(names []string, count int) []string { return names[:count] }
	inTurn := func(n int) (numbers []int) {
		for i := range n {
			numbers = append(numbers, i)
		}
		return numbers
	}
	return draw{firstOf, first, func() int { return 0 }, inTurn}
}

// pickNames chooses so many at random, in their order.
func (e Env) pickNames(names []string, count int) (picked []string) {
	chosen := e.Rand.Perm(len(names))[:count]
	slices.Sort(chosen)
	for _, i := range chosen {
		picked = append(picked, names[i])
	}
	return picked
}

// endpoints asks the nodes for their roles.
func (e Env) endpoints(ctx context.Context, by draw) (endpoints, error) {
	roles, err := e.roles(ctx)
	all := endpoints{nodes: e.Target.Nodes(), roles: roles, draw: by}
	if e.Clients != nil {
		for i := range e.Clients.Len() {
			all.clients = append(all.clients, clientName(i))
		}
	}
	return all, err
}

// half returns half of several, or of an odd number one more or less.
func (e endpoints) half(names []string) []string {
	count := len(names) / 2
	if len(names)%2 == 1 {
		count += e.draw.more()
	}
	return e.draw.names(names, count)
}

// withoutMajority puts a primary on the smaller side.
func (e endpoints) withoutMajority() (s sides, err error) {
	data, sentinels := e.data(), e.sentinels()
	if len(data) < 3 {
		return s, fmt.Errorf("there is no minority of %d nodes: it takes three; try %s", len(data), halves)
	}
	if s.from, err = e.member("primary"); err != nil {
		return s, err
	}
	others := without(data, s.from)
	s.from = slices.Concat(s.from,
		e.draw.names(others, (len(data)-1)/2-1),
		e.draw.names(sentinels, max(0, len(sentinels)-1)/2),
		e.draw.names(e.clients, len(e.clients)/2))
	s.to = e.except(s.from)
	return s, nil
}

// bridged returns two halves of the servers without the one that both reach.
func (e endpoints) bridged() (s sides, err error) {
	data := e.data()
	if len(data) < 3 {
		return s, fmt.Errorf("there is no bridge between %d nodes: it takes three; try %s", len(data), halves)
	}
	inTheMiddle := e.draw.names(data, 1)[0]
	rest := without(data, []string{inTheMiddle})
	s.from = e.half(rest)
	s.to = without(rest, s.from)
	return s, nil
}

func (e endpoints) data() []string {
	return e.with(func(r target.Role) bool { return r != target.Sentinel })
}

func (e endpoints) sentinels() []string {
	return e.with(func(r target.Role) bool { return r == target.Sentinel })
}

func (e endpoints) with(want func(target.Role) bool) (names []string) {
	for _, n := range e.nodes {
		if want(e.roles[n.Name()]) {
			names = append(names, n.Name())
		}
	}
	return names
}

// except returns all who are not among these.
func (e endpoints) except(some []string) []string {
	return without(slices.Concat(namesOfNodes(e.nodes), e.clients), some)
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(some, name) })
}

// text names several, and all clients by one word.
func (e endpoints) text(names []string) string {
	rest := without(names, e.clients)
	if len(e.clients) > 1 && len(names)-len(rest) == len(e.clients) {
		names = append(rest, everyClient)
	}
	return strings.Join(names, ",")
}

func namesOfNodes(nodes []target.Node) (names []string) {
	for _, n := range nodes {
		names = append(names, n.Name())
	}
	return names
}
