package nemesis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
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
}

func (e Env) chance() draw {
	return draw{e.pick, e.pickNames, func() int { return e.Rand.IntN(2) }}
}

// fixed leaves nothing to chance.
func fixed() draw {
	first := func(names []string, count int) []string { return names[:count] }
	return draw{firstOf, first, func() int { return 0 }}
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

// sides are links as they were chosen.
type sides struct {
	from, to []string
	oneWay   bool
	text     string
}

func (s sides) links() netfault.Links {
	if s.oneWay {
		return netfault.OneWay(netfault.Only(s.from...), netfault.Only(s.to...))
	}
	return netfault.BothWays(netfault.Only(s.from...), netfault.Only(s.to...))
}

// choose returns who the links are between.
func (l links) choose(e endpoints) (s sides, err error) {
	switch l.layout {
	case halves:
		s.from = slices.Concat(e.half(e.data()), e.half(e.sentinels()), e.half(e.clients))
		s.to = e.except(s.from)
	case majority:
		s, err = e.withoutMajority()
	case bridge:
		s, err = e.bridged()
	default:
		s, err = l.between(e)
	}
	if err != nil {
		return s, err
	}
	if !s.anywhere() {
		return s, errNobodyElse
	}
	arrow := bothWays
	if s.oneWay {
		arrow = oneWay
	}
	s.text = e.text(s.from) + arrow + e.text(s.to)
	return s, nil
}

// anywhere tells whether there is a link from one side to the other.
func (s sides) anywhere() bool {
	return slices.ContainsFunc(s.from, func(a string) bool {
		return slices.ContainsFunc(s.to, func(b string) bool { return a != b })
	})
}

// between returns the sides that the sets stand for.
func (l links) between(e endpoints) (s sides, err error) {
	s.oneWay = l.oneWay
	if s.from, err = e.members(l.from); err != nil {
		return s, err
	}
	if l.to == nil {
		s.to = e.except(s.from)
		return s, nil
	}
	s.to, err = e.members(l.to)
	return s, err
}

// members returns who is in a set, each once.
func (e endpoints) members(s set) (names []string, err error) {
	for _, member := range s {
		more, err := e.member(member)
		if err != nil {
			return nil, err
		}
		for _, name := range more {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

func (e endpoints) member(text string) ([]string, error) {
	n := share(text)
	switch {
	case (text == everyClient || n > 0) && len(e.clients) == 0:
		return nil, errNoClients
	case text == everyClient:
		return e.clients, nil
	case n > 0:
		return e.draw.names(e.clients, max(1, len(e.clients)/n)), nil
	}
	for _, node := range e.nodes {
		if node.Name() == text {
			return []string{text}, nil
		}
	}
	if slices.Contains(e.clients, text) {
		return []string{text}, nil
	}
	if clientLike(text) {
		return nil, fmt.Errorf("there is no client %s: there are %d, from c0", text, len(e.clients))
	}
	nodes, err := Place(text).choose(e.nodes, e.roles, e.draw.nodes)
	return namesOfNodes(nodes), err
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
