package nemesis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// Place says which nodes a fault is for. It is looked up at the moment of each
// injection: the primary may be another one by then.
type Place string

// rolesLimit bounds how long nodes are asked for their roles.
const rolesLimit = 3 * time.Second

// Places returns each place with what it stands for. A node's name is one as well.
func Places() [][2]string {
	return [][2]string{
		{"one", "one node with data, chosen at random"},
		{"all", "every node with data"},
		{"primary", "a primary; where there are several, one at random"},
		{"replica", "one of the replicas, chosen at random"},
		{"replicas", "every replica"},
		{"sentinels", "every Sentinel"},
		{"majority", "more than half of the nodes with data, chosen at random"},
		{"minority", "as many nodes with data as can be without being half of them, chosen at random"},
	}
}

func placeNames() (names []string) {
	for _, p := range Places() {
		names = append(names, p[0])
	}
	return names
}

// nodeName is what a node may be called: a word that ends in a number, as n1.
func nodeName(text string) bool {
	digit := func(r byte) bool { return r >= '0' && r <= '9' }
	other := func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') }
	return text != "" && !strings.ContainsFunc(text, other) && text[0] >= 'a' && digit(text[len(text)-1])
}

func readPlace(text string) (wrong string) {
	names := placeNames()
	if slices.Contains(names, text) || nodeName(text) {
		return ""
	}
	return fmt.Sprintf("expects %s, or a node's name, as n1 (did you mean %s?)", strings.Join(names, ", "), nearest.Word(text, names))
}

// check returns why the place is never anywhere on a target, or nil.
func (p Place) check(t target.Target) error {
	nodes := t.Nodes()
	if nodeName(string(p)) {
		var names []string
		for _, n := range nodes {
			names = append(names, n.Name())
		}
		if !slices.Contains(names, string(p)) {
			return fmt.Errorf("there is no node %s: did you mean %s?", p, nearest.Word(string(p), names))
		}
		return nil
	}
	roles, known := plannedRoles(t)
	if !known {
		return nil
	}
	_, err := p.choose(nodes, roles, firstOf)
	return err
}

// plannedRoles returns the roles that the nodes start with; nil: all are primaries.
// Where that is not known, who is what is seen once they run.
func plannedRoles(t target.Target) (roles map[string]target.Role, known bool) {
	if planner, ok := t.(target.RolePlanner); ok {
		return planner.PlannedRoles(), true
	}
	_, told := t.(target.Roler)
	return nil, !told
}

// among returns the nodes that the place is at now.
func (p Place) among(ctx context.Context, e Env) ([]target.Node, error) {
	nodes := e.Target.Nodes()
	if i := slices.IndexFunc(nodes, func(n target.Node) bool { return n.Name() == string(p) }); i >= 0 {
		return nodes[i : i+1], nil
	}
	roles, err := e.roles(ctx)
	if err != nil {
		return nil, err
	}
	return p.choose(nodes, roles, e.pick)
}

// roles returns the nodes' roles; nil: all are primaries.
func (e Env) roles(ctx context.Context) (map[string]target.Role, error) {
	roler, ok := e.Target.(target.Roler)
	if !ok {
		return nil, nil
	}
	ctx, cancel := target.WithTimeout(ctx, e.Clock, rolesLimit)
	defer cancel()
	roles, err := roler.Roles(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for roles: %w", err)
	}
	return roles, nil
}

// choose returns the place's nodes: pick chooses so many of several.
func (p Place) choose(nodes []target.Node, roles map[string]target.Role, pick func([]target.Node, int) []target.Node) ([]target.Node, error) {
	var data, primaries, replicas, sentinels []target.Node
	for _, n := range nodes {
		switch roles[n.Name()] {
		case target.Sentinel:
			sentinels = append(sentinels, n)
			continue
		case target.Replica:
			replicas = append(replicas, n)
		default:
			primaries = append(primaries, n)
		}
		data = append(data, n)
	}
	from, count := data, len(data)
	switch p {
	case "one":
		count = 1
	case "all":
	case "primary":
		from, count = primaries, 1
	case "replica":
		from, count = replicas, 1
	case "replicas":
		from, count = replicas, len(replicas)
	case "sentinels":
		from, count = sentinels, len(sentinels)
	case "majority":
		count = len(data)/2 + 1
	case "minority":
		count = (len(data) - 1) / 2
	default:
		return nil, fmt.Errorf("there is no node %s", p)
	}
	if count == 0 || len(from) == 0 {
		return nil, p.nowhere(len(data))
	}
	if count == len(from) && count > 1 {
		return from, nil
	}
	return pick(from, count), nil
}

// nowhere is the error that no node is at the place.
func (p Place) nowhere(data int) error {
	switch p {
	case "minority":
		return fmt.Errorf("there is no minority of %d nodes: it takes three; try one", data)
	case "replica", "replicas":
		return errors.New("there are no replicas here; try primary")
	case "sentinels":
		return errors.New("there are no Sentinels here; try one")
	}
	return errors.New("there is no " + string(p) + " here")
}

func firstOf(nodes []target.Node, count int) []target.Node { return nodes[:count] }

// pick chooses so many nodes at random, in their order.
func (e Env) pick(nodes []target.Node, count int) []target.Node {
	if count == 1 {
		i := e.Rand.IntN(len(nodes))
		return nodes[i : i+1]
	}
	chosen := e.Rand.Perm(len(nodes))[:count]
	slices.Sort(chosen)
	picked := make([]target.Node, count)
	for n, i := range chosen {
		picked[n] = nodes[i]
	}
	return picked
}

// placed is the parameter of faults of nodes.
func placed() Parameter {
	return Parameter{Name: "place", About: "which nodes", Default: "one", Type: aPlace()}
}
