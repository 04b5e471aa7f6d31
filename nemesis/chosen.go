package nemesis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target/netfault"
)

// sides are the links between two sets.
type sides struct {
	from, to []string
	oneWay   bool
}

// chosen are links as they were chosen: those between some sides.
type chosen struct {
	between []sides
	text    string
}

func (c chosen) links() netfault.Links {
	var all []netfault.Links
	for _, s := range c.between {
		all = append(all, s.links())
	}
	return func(l netfault.Link) bool {
		return slices.ContainsFunc(all, func(links netfault.Links) bool { return links(l) })
	}
}

func (s sides) links() netfault.Links {
	if s.oneWay {
		return netfault.OneWay(netfault.Only(s.from...), netfault.Only(s.to...))
	}
	return netfault.BothWays(netfault.Only(s.from...), netfault.Only(s.to...))
}

// choose returns which links are meant.
func (l links) choose(e endpoints) (c chosen, err error) {
	if l.layout == ring {
		c.between, err = e.ringed()
	} else {
		var s sides
		s, err = l.divide(e)
		c.between = []sides{s}
	}
	if err != nil {
		return c, err
	}
	if !c.anywhere(anyone) {
		return c, errNobodyElse
	}
	var texts []string
	for _, s := range c.between {
		texts = append(texts, e.text(s.from)+s.arrow()+e.text(s.to))
	}
	c.text = strings.Join(texts, "; ")
	return c, nil
}

// divide returns the two sides that the links are between.
func (l links) divide(e endpoints) (s sides, err error) {
	switch l.layout {
	case halves:
		s.from = slices.Concat(e.half(e.data()), e.half(e.sentinels()), e.half(e.clients))
		s.to = e.except(s.from)
		return s, nil
	case majority:
		return e.withoutMajority()
	case bridge:
		return e.bridged()
	}
	return l.between(e)
}

func (s sides) arrow() string {
	if s.oneWay {
		return oneWay
	}
	return bothWays
}

// anyone is any two endpoints.
func anyone(a, b string) bool { return true }

// anywhere tells whether there is a link between two such endpoints.
func (c chosen) anywhere(such func(a, b string) bool) bool {
	return slices.ContainsFunc(c.between, func(s sides) bool {
		return slices.ContainsFunc(s.from, func(a string) bool {
			return slices.ContainsFunc(s.to, func(b string) bool { return a != b && such(a, b) })
		})
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
