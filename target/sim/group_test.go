package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// group returns a running one.
func group(t testing.TB, preset string, replicas int) *Group {
	t.Helper()
	p, err := target.ParsePersistence(preset)
	if err != nil {
		t.Fatal(err)
	}
	g := NewGroup(p, replicas)
	t.Cleanup(g.Close)
	if err := g.Start(); err != nil {
		t.Fatal(err)
	}
	return g
}

// shows tells of each server its role and its counter n: "P5 R2 -".
func shows(g *Group) string {
	all := make([]string, 0, 4)
	for _, s := range g.Servers() {
		if !s.Running() {
			all = append(all, "-")
			continue
		}
		role := "P"
		if s.replica {
			role = "R"
		}
		n := "0"
		if text := stringsIn([]byte("*1\r\n" + get(s, "n") + "\r\n")); len(text) > 0 {
			n = text[0]
		}
		all = append(all, role+n)
	}
	return strings.Join(all, " ")
}

// deeds are what the tables of a group's tests are made of.
func (g *Group) deed(t *testing.T, text string) {
	t.Helper()
	name, rest, _ := strings.Cut(text, " ")
	did := true
	switch name {
	case "incr": // n1 incr, by the server's name
		incr(g.named(rest), 1)
	case "replicate":
		did = g.Replicate()
	case "to": // the replica n3, alone
		did = g.ReplicateTo(slices.Index(g.replicaNames(), rest))
	case "all":
		did = g.ReplicateAll()
	case "failover":
		did = g.Failover()
	case "partition":
		did = g.Partition()
	case "heal":
		did = g.Heal()
	case "kill":
		did = g.named(rest).Kill()
	case "start":
		start(t, g.named(rest))
	default:
		t.Fatalf("no such deed: %q", text)
	}
	if !did {
		t.Fatalf("%s: it did nothing", text)
	}
}

func (g *Group) named(name string) *Server {
	return g.servers[slices.IndexFunc(g.servers, func(s *Server) bool { return g.Name(s) == name })]
}

func (g *Group) replicaNames() []string {
	names := make([]string, 0, 2)
	for i := range len(g.servers) - 1 {
		names = append(names, g.Name(g.Replica(i)))
	}
	return names
}

// Each line is what n1, n2 and n3 show after that deed: the role (P or R) and the
// value of a counter; - is a server that is down.
func TestAGroup(t *testing.T) {
	for _, test := range []struct {
		name, preset string
		story        [][2]string // a deed, and what the servers show; "": not looked at
	}{
		{"replicas are behind until somebody replicates", "none", [][2]string{
			{"incr n1", "P1 R0 R0"},
			{"incr n1", "P2 R0 R0"},
			{"replicate", "P2 R1 R1"},
			{"to n3", "P2 R1 R2"},
			{"all", "P2 R2 R2"},
		}},
		// n1   a b c ✗           n1 (down)
		// n2   a          →      n2   a
		// n3   a b               n3   a b     is the primary: c is lost
		{"the replica with the longest log is promoted", "none", [][2]string{
			{"incr n1", ""}, {"incr n1", ""}, {"incr n1", "P3 R0 R0"},
			{"replicate", ""}, {"to n3", "P3 R1 R2"},
			{"kill n1", "- R1 R2"},
			{"failover", "- R1 P2"},
			{"replicate", "- R2 P2"},
			{"incr n3", "- R2 P3"},
			{"all", "- R3 P3"},
			{"start n1", "R0 R3 P3"}, // with what it kept: nothing, and as a replica
			{"replicate", "R3 R3 P3"},
		}},
		{"of equal replicas the first is promoted", "none", [][2]string{
			{"incr n1", ""}, {"all", ""}, {"kill n1", ""}, {"failover", "- P1 R1"},
			{"kill n2", ""}, {"failover", "- - P1"},
		}},
		// Nothing was wrong with n1: what was not replicated is lost at once.
		{"a failover for no reason", "aof-always", [][2]string{
			{"incr n1", ""}, {"all", ""}, {"incr n1", "P2 R1 R1"},
			{"failover", "R1 P1 R1"},
			{"incr n2", "R1 P2 R1"}, {"replicate", "R2 P2 R2"},
		}},
		// clients → n1 | n2 ← clients: both accept writes, and only n2's last.
		{"two primaries", "aof-always", [][2]string{
			{"incr n1", ""}, {"all", "P1 R1 R1"},
			{"partition", "P1 R1 R1"},
			{"incr n1", "P2 R1 R1"}, {"failover", "P2 P1 R1"},
			{"incr n1", "P3 P1 R1"}, {"incr n2", "P3 P2 R1"}, {"replicate", "P3 P2 R2"},
			{"heal", "R2 P2 R2"},
			{"incr n2", "R2 P3 R2"}, {"all", "R3 P3 R3"},
		}},
		{"a partition without a failover loses nothing", "none", [][2]string{
			{"incr n1", ""}, {"replicate", ""}, {"partition", ""}, {"incr n1", "P2 R1 R1"},
			{"heal", "P2 R1 R1"}, {"replicate", "P2 R2 R2"},
		}},
		{"a second failover during a partition", "none", [][2]string{
			{"incr n1", ""}, {"all", ""}, {"partition", ""}, {"failover", "P1 P1 R1"},
			{"incr n2", "P1 P2 R1"}, {"failover", "P1 R1 P1"}, {"incr n3", "P1 R1 P2"},
			{"heal", "R2 R1 P2"}, {"all", "R2 R2 P2"},
		}},
		{"a primary that was cut off stays one over a restart", "aof-always", [][2]string{
			{"incr n1", ""}, {"all", ""}, {"partition", ""}, {"failover", ""}, {"incr n1", "P2 P1 R1"},
			{"kill n1", "- P1 R1"}, {"start n1", "P2 P1 R1"}, {"incr n1", "P3 P1 R1"}, {"heal", "R1 P1 R1"},
		}},
		{"a primary healed while it is down starts as a replica", "aof-always", [][2]string{
			{"incr n1", ""}, {"partition", ""}, {"failover", ""}, {"kill n1", ""}, {"heal", "- P0 R0"},
			{"start n1", "R1 P0 R0"}, {"replicate", "R0 P0 R0"},
		}},
		// The trap: without persistence a primary that comes back at once is
		// empty, and its replicas then are so too.
		{"an empty primary empties its replicas", "none", [][2]string{
			{"incr n1", ""}, {"incr n1", ""}, {"all", "P2 R2 R2"},
			{"kill n1", "- R2 R2"}, {"start n1", "P0 R2 R2"},
			{"replicate", "P0 R0 R0"},
		}},
		{"a failover in time saves the data from an empty primary", "none", [][2]string{
			{"incr n1", ""}, {"incr n1", ""}, {"all", ""},
			{"kill n1", ""}, {"start n1", "P0 R2 R2"}, {"failover", "R2 P2 R2"},
		}},
		{"a primary goes on from its own file", "aof-always", [][2]string{
			{"incr n1", ""}, {"replicate", ""}, {"incr n1", "P2 R1 R1"},
			{"kill n1", ""}, {"start n1", "P2 R1 R1"}, {"replicate", "P2 R2 R2"},
		}},
		{"a replica loads its own file first", "aof-always", [][2]string{
			{"incr n1", ""}, {"replicate", ""}, {"kill n2", "P1 - R1"}, {"incr n1", "P2 - R1"}, {"incr n1", ""},
			{"start n2", "P3 R1 R1"}, {"to n2", "P3 R3 R1"},
		}},
		// What a full resynchronisation brought is a snapshot, and stays without
		// any persistence.
		{"the file of a full resynchronisation", "none", [][2]string{
			{"incr n1", ""}, {"kill n2", ""}, {"start n2", "P1 R0 R0"}, {"to n2", "P1 R1 R0"}, {"incr n1", ""}, {"all", "P2 R2 R2"},
			{"kill n2", ""}, {"start n2", "P2 R1 R2"},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := group(t, test.preset, 2)
			for i, line := range test.story {
				g.deed(t, line[0])
				if got := shows(g); line[1] != "" && got != line[1] {
					t.Fatalf("%d: after %q: %s, want %s", i, line[0], got, line[1])
				}
			}
		})
	}
}

// What cannot be done says so, and does nothing.
func TestWhatAGroupCannotDo(t *testing.T) {
	for _, test := range []struct {
		name   string
		before []string
		do     func(*Group) bool
	}{
		{"nothing is pending", []string{"incr n1", "all"}, (*Group).Replicate},
		{"nothing at all", nil, (*Group).ReplicateAll},
		{"the primary is down", []string{"incr n1", "kill n1"}, (*Group).Replicate},
		{"the replicas are down", []string{"incr n1", "kill n2", "kill n3"}, (*Group).Replicate},
		{"the primary is cut off", []string{"incr n1", "partition"}, (*Group).Replicate},
		{"that replica is down", []string{"incr n1", "kill n3"}, func(g *Group) bool { return g.ReplicateTo(1) }},
		{"nobody to promote", []string{"kill n2", "kill n3", "kill n1"}, (*Group).Failover},
		{"a second partition", []string{"partition", "failover"}, (*Group).Partition},
		{"nothing to heal", nil, (*Group).Heal},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := group(t, "none", 2)
			for _, text := range test.before {
				g.deed(t, text)
			}
			before := shows(g)
			if test.do(g) || shows(g) != before {
				t.Errorf("it did something: %s, before %s", shows(g), before)
			}
		})
	}
}

func TestNamesStayWithTheServers(t *testing.T) {
	g := group(t, "none", 2)
	n1, n2, n3 := g.servers[0], g.servers[1], g.servers[2]
	if g.Primary() != n1 || g.Replica(0) != n2 || g.Replica(1) != n3 || g.CutOff() != nil {
		t.Error("at first n1 is the primary, and n2 and n3 replicas")
	}
	g.Partition()
	g.Failover()
	if g.Primary() != n2 || g.Replica(0) != n1 || g.Replica(1) != n3 || g.Name(n1) != "n1" || g.Name(n3) != "n3" || g.CutOff() != n1 {
		t.Error("after a failover n2 is the primary, and n1 and n3 replicas")
	}
}

// Whose role changes, or who is told of a new primary, closes its connections.
func TestConnectionsEndWithARole(t *testing.T) {
	for _, test := range []struct {
		deeds []string
		alive string // which connections still stand
	}{
		{[]string{"incr n1", "all"}, "n1 n2 n3"},
		{[]string{"partition"}, "n1 n2 n3"},
		{[]string{"partition", "heal"}, "n1 n2 n3"},
		{[]string{"failover"}, ""},
		{[]string{"partition", "failover"}, "n1"},
		{[]string{"partition", "failover", "heal"}, ""},
		{[]string{"kill n2", "start n2", "all"}, "n1 n3"},
	} {
		t.Run(strings.Join(test.deeds, " "), func(t *testing.T) {
			g := group(t, "none", 2)
			var sessions []*Session
			for _, s := range g.Servers() {
				sessions = append(sessions, s.Connect())
			}
			for _, text := range test.deeds {
				g.deed(t, text)
			}
			var alive []string
			for _, c := range sessions {
				hungUp := looks(t, c) != fmt.Sprint(nil)
				if c.Alive() == hungUp {
					t.Errorf("alive %v, but its client sees that it has hung up: %v", c.Alive(), hungUp)
				}
				if c.Alive() {
					alive = append(alive, g.Name(c.server))
				}
			}
			if got := strings.Join(alive, " "); got != test.alive {
				t.Errorf("connections to %q stand, want %q", got, test.alive)
			}
		})
	}
}

// An entry can be late: keys live by the primary's clock, not by the replica's.
//
//	primary  0ms SET k PX 100   50ms the late command
//	replica                                         200ms both arrive
func TestLateEntriesAndExpiry(t *testing.T) {
	for _, test := range []struct {
		late, want string
	}{
		{"PERSIST k", "$1\r\nv"},
		{"PEXPIRE k 1000", "$1\r\nv"},
		{"PEXPIRE k 20", absent},
		{"APPEND k x", absent}, // it had not expired then, and has now
		{"SET other x", absent},
		{"SET k w", "$1\r\nw"},
		{"SETNX k w", absent},
	} {
		for _, first := range []bool{true, false} {
			t.Run(fmt.Sprint(test.late, first), func(t *testing.T) {
				g := group(t, "aof-always", 1)
				c := g.Primary().Connect()
				ask(c, "SET k v PX 100")
				if first {
					g.Replicate()
				}
				g.Advance(50 * time.Millisecond)
				ask(c, test.late)
				g.Advance(150 * time.Millisecond)
				if got := get(g.Replica(0), "k"); got != absent {
					t.Errorf("before the late entry: %q", got)
				}
				g.ReplicateAll()
				if got := get(g.Replica(0), "k"); got != test.want {
					t.Errorf("on the replica %q, want %q", got, test.want)
				}
				if got := get(g.Primary(), "k"); got != test.want {
					t.Errorf("on the primary %q, want %q", got, test.want)
				}
				g.Failover()
				if got := get(g.Primary(), "k"); got != test.want {
					t.Errorf("promoted %q, want %q", got, test.want)
				}
			})
		}
	}
}

func ExampleGroup() {
	p, _ := target.ParsePersistence("aof-always")
	g := NewGroup(p, 1)
	defer g.Close()
	_ = g.Start()
	n1, n2 := g.Primary(), g.Replica(0)
	n1.Connect().Execute("SET", "k", "old")
	g.ReplicateAll()
	n1.Connect().Execute("SET", "k", "new") // acknowledged, and not replicated
	n1.Kill()
	g.Failover()
	fmt.Printf("%q\n", n2.Connect().Execute("GET", "k"))
	// Output:
	// "$3\r\nold\r\n"
}
