package nemesis

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// named is a node of which nothing but the name is asked.
type named struct {
	target.Node
	name string
}

func (n named) Name() string { return n.name }

func namesOf(nodes []target.Node) string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Name())
	}
	return strings.Join(names, " ")
}

func TestNodeName(t *testing.T) {
	for name, want := range map[string]bool{"n1": true, "s-12": true, "n": false, "1": false, "": false, "-n1": false, "N1": false, "n1x": false, "ñ1": false} {
		if got := nodeName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestChoose(t *testing.T) {
	const p, r, s = target.Primary, target.Replica, target.Sentinel
	for _, test := range []struct {
		name  string
		roles []target.Role // nil: two nodes of a target without roles
		place Place
		want  []string // any of these; nil: an error
		wrong string
	}{
		{"one of two", nil, "one", []string{"n1", "n2"}, ""},
		{"one, not a Sentinel", []target.Role{s, p, r}, "one", []string{"n2", "n3"}, ""},
		{"all with data", []target.Role{p, r, s}, "all", []string{"n1 n2"}, ""},
		{"the primary", []target.Role{r, p, r, s}, "primary", []string{"n2"}, ""},
		{"one of two primaries", []target.Role{p, r, p, r}, "primary", []string{"n1", "n3"}, ""},
		{"a primary without roles", nil, "primary", []string{"n1", "n2"}, ""},
		{"no primary", []target.Role{r, s}, "primary", nil, "there is no primary here"},
		{"one of two replicas", []target.Role{r, p, r, s}, "replica", []string{"n1", "n3"}, ""},
		{"replicas", []target.Role{r, p, r, s}, "replicas", []string{"n1 n3"}, ""},
		{"no replicas", nil, "replicas", nil, "there are no replicas here; try primary"},
		{"Sentinels", []target.Role{s, p, s}, "sentinels", []string{"n1 n3"}, ""},
		{"no Sentinels", nil, "sentinels", nil, "there are no Sentinels here"},
		{"most of three", []target.Role{p, r, r, s, s}, "majority", []string{"n1 n2", "n1 n3", "n2 n3"}, ""},
		{"most of one", []target.Role{p}, "majority", []string{"n1"}, ""},
		{"most of four", []target.Role{p, r, r, r}, "majority", []string{"n1 n2 n3", "n1 n2 n4", "n1 n3 n4", "n2 n3 n4"}, ""},
		{"few of four", []target.Role{p, r, r, r}, "minority", []string{"n1", "n2", "n3", "n4"}, ""},
		{"few of five", []target.Role{p, r, r, s, r, p}, "minority", []string{"n1 n2", "n1 n3", "n1 n5", "n1 n6", "n2 n3", "n2 n5", "n2 n6", "n3 n5", "n3 n6", "n5 n6"}, ""},
		{"few of two", nil, "minority", nil, "there is no minority of 2 nodes"},
		{"a node that is not there", nil, "n9", nil, "there is no node n9"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var nodes []target.Node
			roles := map[string]target.Role{}
			for i, role := range test.roles {
				name := "n" + string(rune('1'+i))
				nodes, roles[name] = append(nodes, named{name: name}), role
			}
			if test.roles == nil {
				nodes = []target.Node{named{name: "n1"}, named{name: "n2"}}
			}
			seen := map[string]bool{}
			for seed := range uint64(200) {
				env := Env{Rand: rand.New(rand.NewPCG(seed, 1))}
				got, err := test.place.choose(nodes, roles, env.pick)
				if test.wrong != "" {
					if err == nil || !strings.Contains(err.Error(), test.wrong) {
						t.Fatalf("got %v, %v; want %q", namesOf(got), err, test.wrong)
					}
					continue
				}
				if err != nil || !slices.Contains(test.want, namesOf(got)) {
					t.Fatalf("got %v, %v; want one of %q", namesOf(got), err, test.want)
				}
				seen[namesOf(got)] = true
			}
			if len(seen) != len(test.want) {
				t.Errorf("chose %v, want all of %q in the end", seen, test.want)
			}
		})
	}
}

// The place is looked up at each injection: the primary may be another one.
func TestThePrimaryIsLookedUpAnew(t *testing.T) {
	l := newLabs(t, 3)
	l.roles = map[string]target.Role{"n1": target.Primary, "n2": target.Replica, "n3": target.Replica}
	kind, _ := Find("pause")
	args, err := kind.ReadArgs([]Argument{{Value: "primary"}})
	if err != nil {
		t.Fatal(err)
	}
	fault := kind.make(l.env(), args)
	act(t, "pause the primary", fault.Inject, at("n1", true))
	act(t, "heal", fault.Heal, at("n1", true))
	l.roles["n1"], l.roles["n2"] = target.Replica, target.Primary
	act(t, "pause the new primary", fault.Inject, at("n2", true))
	act(t, "heal", fault.Heal, at("n2", true))
	l.unknown = errors.New("nobody answers")
	if got, err := fault.Inject(testContext(t)); got.Took || err == nil || err.Error() != "ask for roles: nobody answers" {
		t.Errorf("got %+v, %v; want no effect, and why", got, err)
	}
}

func TestSeveralNodesAreKilledAndOnlyThoseHealed(t *testing.T) {
	l := newLabs(t, 3)
	l.roles = map[string]target.Role{"n1": target.Primary, "n2": target.Replica, "n3": target.Replica}
	make := func(place string) Fault {
		kind, _ := Find("kill")
		args, err := kind.ReadArgs([]Argument{{Value: place}})
		if err != nil {
			t.Fatal(err)
		}
		return kind.make(l.env(), args)
	}
	replicas, first, all := make("replicas"), make("n1"), make("all")
	both := Effect{Where: []string{"n2", "n3"}, Took: true}
	act(t, "kill the replicas", replicas.Inject, both)
	act(t, "kill n1", first.Inject, at("n1", true))
	act(t, "kill all, who are dead", all.Inject, Effect{Where: []string{"n1", "n2", "n3"}})
	act(t, "heal who killed nobody", all.Heal, Effect{})
	act(t, "heal n1", first.Heal, at("n1", true))
	for i, want := range []bool{true, false, false} {
		if got := l.Nodes()[i].Running(); got != want {
			t.Errorf("n%d runs: %v", i+1, got)
		}
	}
	act(t, "heal the replicas", replicas.Heal, both)
}

func TestUnreachablePlacesAreRefused(t *testing.T) {
	single, several := newLab(t), newLabs(t, 2)
	several.roles = map[string]target.Role{"n1": target.Primary, "n2": target.Replica}
	silent := newLabs(t, 1)
	silent.unknown = errors.New("nobody answers")
	for _, test := range []struct {
		env        Env
		plan, want string // "": it is accepted
	}{
		{single.env(), "kill(primary)", ""},
		{single.env(), "kill(replica) every 5s", "fault kill(replica): there are no replicas here; try primary"},
		{single.env(), "kill(minority)", "fault kill(minority): there is no minority of 1 nodes"},
		{single.env(), "kill(n2)", "fault kill(n2): there is no node n2: did you mean n1?"},
		{single.env(), "clock-jump(1h)", "fault clock-jump(1h): node n1 cannot be given another time on this target; the nearest that works there is pause"},
		{several.env(), "kill(replica), pause(primary) every 2s", ""},
		{several.env(), "kill(sentinels)", "fault kill(sentinels): there are no Sentinels here"},
		{silent.env(), "kill(sentinels)", ""}, // it may tell later
	} {
		_, err := New(mustParse(t, test.plan), test.env, newBook(t))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", test.plan, err, test.want)
		}
	}
}
