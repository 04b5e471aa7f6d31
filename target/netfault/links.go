package netfault

import "slices"

// Ends is a set of endpoints, told by their names. It must give the same answer
// each time, may be asked from several goroutines at once, and must not call the
// fabric.
type Ends func(name string) bool

// Only returns the set of these endpoints.
func Only(names ...string) Ends {
	names = slices.Clone(names)
	return func(name string) bool { return slices.Contains(names, name) }
}

// Except returns the set of all endpoints but these; without any, of all.
func Except(names ...string) Ends {
	names = slices.Clone(names)
	return func(name string) bool { return !slices.Contains(names, name) }
}

// Link is a direction between two endpoints: a request to To flows on it, and the
// reply flows on the link back, whoever opened the connection.
type Link struct{ From, To string }

func (l Link) back() Link { return Link{l.To, l.From} }

// Links is a set of links, as fixed and as concurrent as [Ends].
type Links func(Link) bool

// OneWay returns the links from one set to another.
func OneWay(from, to Ends) Links {
	return func(l Link) bool { return from(l.From) && to(l.To) }
}

// BothWays returns the links between two sets, in both directions.
func BothWays(a, b Ends) Links {
	return func(l Link) bool { return a(l.From) && b(l.To) || b(l.From) && a(l.To) }
}
