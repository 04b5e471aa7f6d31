package nemesis

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// links are the links that a fault of the network lies on, as a plan says them. Who
// is meant is looked up at each injection, and stays so until that is healed.
type links struct {
	layout string // a name from [Layouts]; empty: the sets
	from   set
	to     set // nil: all who are not in from
	oneWay bool
}

// set is who is on one side of links: places, names, shares of the clients.
type set []string

// Layouts returns the ways in which all servers and clients fall apart, each with
// what it is.
func Layouts() [][2]string {
	return [][2]string{
		{halves, "servers, Sentinels and clients fall into two halves at random"},
		{majority, "a primary is with the smaller part of the servers and Sentinels, and half of the clients; the rest is together"},
		{bridge, "the servers fall into two halves that have one server in common; clients and Sentinels reach all"},
		{ring, "each server reaches a majority of the servers, and no two the same one; clients and Sentinels reach all"},
	}
}

// The names of layouts.
const (
	halves   = "halves"
	majority = "majority"
	bridge   = "bridge"
	ring     = "ring"
)

// Ends returns who can be at the end of a link besides the nodes of a place.
func Ends() [][2]string {
	return [][2]string{
		{everyClient, "all clients"},
		{shareOfClients + "2", "half of the clients, at random; clients/3 is a third, and so on"},
		{"c0", "the client of that name"},
	}
}

const (
	everyClient    = "clients"
	shareOfClients = "clients/"
	// The arrows between two sets.
	oneWay, bothWays = "->", "<->"
)

func aLinks() Type {
	return Type{Name: "links, as clients or primary->replicas", read: func(text string) string {
		if _, err := readLinks(text); err != nil {
			return err.Error()
		}
		return ""
	}}
}

func (a Args) links() links { return value(readLinks(a.text("links"))) }

// readLinks reads links in the language that the package comment defines.
func readLinks(text string) (l links, err error) {
	if slices.Contains(firsts(Layouts()), text) {
		return links{layout: text}, nil
	}
	from, to, arrow := strings.Cut(text, bothWays)
	if !arrow {
		from, to, l.oneWay = strings.Cut(text, oneWay)
		arrow = l.oneWay
	}
	if l.from, err = readSet(from, !arrow); err == nil && arrow {
		l.to, err = readSet(to, false)
	}
	return l, err
}

func readSet(text string, alone bool) (s set, err error) {
	for _, member := range strings.Split(text, "+") {
		member = strings.TrimSpace(member)
		if !isMember(member) {
			return nil, unknownMember(member, alone)
		}
		s = append(s, member)
	}
	return s, nil
}

func isMember(text string) bool {
	return slices.Contains(placeNames(), text) || text == everyClient || nodeName(text) || share(text) > 0
}

// share is n of clients/n; 0: the text is something else.
func share(text string) int {
	digits, ok := strings.CutPrefix(text, shareOfClients)
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 2 {
		return 0
	}
	return n
}

func unknownMember(text string, alone bool) error {
	names := append(placeNames(), everyClient, shareOfClients+"2")
	if alone {
		names = append(names, halves, bridge, ring)
	}
	const form = "expects links: %s, or a name, as n1 or c0; several with +, and -> or <-> between two (did you mean %s instead of %q?)"
	return fmt.Errorf(form, strings.Join(names, ", "), nearest.Word(text, names), text)
}

// firsts returns the names of a table.
func firsts(table [][2]string) (names []string) {
	for _, row := range table {
		names = append(names, row[0])
	}
	return names
}

// check returns why the links are never anywhere on a target, and a plan that is
// nearest to them; or nil.
func (l links) check(t target.Target, nearestPlan string) error {
	nodes := t.Nodes()
	all := endpoints{nodes: nodes, clients: []string{clientName(0), clientName(1)}, draw: fixed()}
	for _, member := range append(slices.Clone(l.from), l.to...) {
		switch names := namesOfNodes(nodes); {
		case clientLike(member) && !slices.Contains(all.clients, member):
			all.clients = append(all.clients, member) // who the clients are is seen when they are there
		case nodeName(member) && !clientLike(member) && !slices.Contains(names, member):
			return fmt.Errorf("there is no node %s: did you mean %s?", member, nearest.Word(member, names))
		}
	}
	var known bool
	if all.roles, known = plannedRoles(t); !known {
		return nil
	}
	c, err := l.choose(all)
	if err != nil {
		return err
	}
	if err := c.check(t, all); err != nil {
		return fmt.Errorf("%w; the nearest that works there is %s", err, nearestPlan)
	}
	return nil
}

// clientLike tells whether a name is as that of a client: c3.
func clientLike(name string) bool {
	digits, ok := strings.CutPrefix(name, "c")
	_, err := strconv.ParseUint(digits, 10, 32)
	return ok && err == nil
}

// errNobodyElse is why links are nowhere.
var errNobodyElse = errors.New("there is nobody at the other end")
