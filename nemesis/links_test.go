package nemesis

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func TestReadLinks(t *testing.T) {
	for text, want := range map[string]links{
		"halves":               {layout: "halves"},
		"majority":             {layout: "majority"},
		"ring":                 {layout: "ring"},
		"clients":              {from: set{"clients"}},
		"primary+clients/2":    {from: set{"primary", "clients/2"}},
		"primary + c3":         {from: set{"primary", "c3"}},
		"clients->primary":     {from: set{"clients"}, to: set{"primary"}, oneWay: true},
		"n1<->n2+s1":           {from: set{"n1"}, to: set{"n2", "s1"}},
		"majority -> minority": {from: set{"majority"}, to: set{"minority"}, oneWay: true},
	} {
		if got, err := readLinks(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
}

func TestReadLinksRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":              `instead of ""`,
		"halfs":         `did you mean halves instead of "halfs"?`,
		"primary+":      `instead of ""`,
		"client":        `did you mean clients instead of "client"?`,
		"clients/1":     `did you mean clients/2 instead of "clients/1"?`,
		"clients/x":     `instead of "clients/x"`,
		"->primary":     `instead of ""`,
		"primry->all":   `did you mean primary instead of "primry"?`,
		"a1->b1->c1":    `instead of "b1->c1"`,
		"halves->n1":    `instead of "halves"`,
		"primary<-n1":   `instead of "primary<-n1"`,
		"primary+bridg": `did you mean bridge instead of "bridg"?`,
	} {
		if got, err := readLinks(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %+v, %v; want %s", text, got, err, want)
		}
	}
}

func TestAnErrorInLinksTellsWhereItIs(t *testing.T) {
	_, err := Parse("kill, latency(50ms, prim->replicas)")
	if err == nil || !strings.HasPrefix(err.Error(), `column 21: "prim->replicas" does not fit latency: links expects links: one, all, primary, `) {
		t.Errorf("got %v", err)
	}
}

// crowd is so many servers, of which n1 is the primary, Sentinels and clients.
func crowd(servers, sentinels, clients int, by draw) endpoints {
	e := endpoints{roles: map[string]target.Role{}, draw: by}
	add := func(name string, role target.Role) {
		e.nodes, e.roles[name] = append(e.nodes, named{name: name}), role
	}
	for i := range servers {
		add(fmt.Sprint("n", i+1), target.Replica)
	}
	e.roles["n1"] = target.Primary
	for i := range sentinels {
		add(fmt.Sprint("s", i+1), target.Sentinel)
	}
	for i := range clients {
		e.clients = append(e.clients, clientName(i))
	}
	return e
}

func TestChosenLinks(t *testing.T) {
	for _, test := range []struct {
		text string
		e    endpoints
		want string
	}{
		{"clients", crowd(1, 0, 3, fixed()), "clients<->n1"},
		{"clients", crowd(3, 3, 2, fixed()), "clients<->n1,n2,n3,s1,s2,s3"},
		{"clients->all", crowd(3, 3, 2, fixed()), "clients->n1,n2,n3"},
		{"primary", crowd(3, 1, 2, fixed()), "n1<->n2,n3,s1,clients"},
		{"primary->replicas", crowd(3, 1, 2, fixed()), "n1->n2,n3"},
		{"replicas<->primary", crowd(3, 1, 2, fixed()), "n2,n3<->n1"},
		{"sentinels->primary", crowd(3, 2, 2, fixed()), "s1,s2->n1"},
		{"primary+clients/2", crowd(3, 1, 4, fixed()), "n1,c0,c1<->n2,n3,s1,c2,c3"},
		{"primary+clients/3", crowd(2, 0, 2, fixed()), "n1,c0<->n2,c1"},
		{"primary+c1", crowd(2, 0, 2, fixed()), "n1,c1<->n2,c0"},
		{"n1+primary->n2", crowd(2, 0, 0, fixed()), "n1->n2"},
		{"majority", crowd(3, 3, 2, fixed()), "n1,s1,c0<->n2,n3,s2,s3,c1"},
		{"majority", crowd(5, 0, 0, fixed()), "n1,n2<->n3,n4,n5"},
		{"halves", crowd(2, 0, 2, fixed()), "n1,c0<->n2,c1"},
		{"bridge", crowd(3, 3, 2, fixed()), "n2<->n3"},
		{"bridge", crowd(5, 3, 2, fixed()), "n2,n3<->n4,n5"},
		{"ring", crowd(4, 3, 2, fixed()), "n1<->n3; n2<->n4"},
		{"ring", crowd(5, 0, 2, fixed()), "n1<->n3,n4; n2<->n4,n5; n3<->n5"},
	} {
		on, err := readLinks(test.text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := on.choose(test.e); err != nil || got.text != test.want {
			t.Errorf("%s: got %s, %v; want %s", test.text, got.text, err, test.want)
		}
	}
}

func TestLinksThatAreNowhere(t *testing.T) {
	for _, test := range []struct {
		text string
		e    endpoints
		want string
	}{
		{"primary->replicas", crowd(1, 0, 2, fixed()), "there are no replicas here; try primary"},
		{"clients->sentinels", crowd(1, 0, 2, fixed()), "there are no Sentinels here; try one"},
		{"clients", crowd(2, 0, 0, fixed()), "there are no clients"},
		{"n1->n1", crowd(2, 0, 0, fixed()), "there is nobody at the other end"},
		{"all+clients", crowd(2, 0, 2, fixed()), "there is nobody at the other end"},
		{"halves", crowd(1, 0, 0, fixed()), "there is nobody at the other end"},
		{"majority", crowd(2, 0, 2, fixed()), "there is no minority of 2 nodes: it takes three; try halves"},
		{"bridge", crowd(2, 0, 2, fixed()), "there is no bridge between 2 nodes: it takes three; try halves"},
		{"ring", crowd(3, 3, 2, fixed()), "there is no ring of 3 nodes: it takes four; try bridge"},
		{"ring", crowd(2, 0, 2, fixed()), "there is no ring of 2 nodes: it takes four; try halves"},
		{"n9->n1", crowd(2, 0, 2, fixed()), "there is no node n9"},
		{"c7->n1", crowd(2, 0, 2, fixed()), "there is no client c7: there are 2, from c0"},
	} {
		on, err := readLinks(test.text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := on.choose(test.e); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %s, %v; want %s", test.text, got.text, err, test.want)
		}
	}
}

// Where all fall apart, everybody is on one of two sides, and a majority is where
// the primary is not.
func TestLayoutsDivideAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := func(name string, low int) int { return rapid.IntRange(low, 7).Draw(t, name) }
		servers, sentinels, clients := size("servers", 1), size("sentinels", 0), size("clients", 2)
		env := Env{Rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
		e := crowd(servers, sentinels, clients, env.chance())
		layout := rapid.SampledFrom([]string{halves, majority}).Draw(t, "layout")
		c, err := links{layout: layout}.choose(e)
		if layout == majority && servers < 3 {
			if err == nil {
				t.Fatalf("%d servers have a minority: %s", servers, c.text)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		s := c.between[0]
		count := func(side []string, prefix string) (n int) {
			for _, name := range side {
				if strings.HasPrefix(name, prefix) {
					n++
				}
			}
			return n
		}
		for prefix, all := range map[string]int{"n": servers, "s": sentinels, "c": clients} {
			a, b := count(s.from, prefix), count(s.to, prefix)
			if a+b != all {
				t.Fatalf("%s: %d of %s, want %d", c.text, a+b, prefix, all)
			}
			if layout == halves && max(a-b, b-a) > 1 || layout == majority && prefix != "c" && all > 0 && a >= b {
				t.Fatalf("%s: %d to %d of %s", c.text, a, b, prefix)
			}
		}
		if slices.ContainsFunc(s.from, func(name string) bool { return slices.Contains(s.to, name) }) {
			t.Fatalf("%s: somebody is on both sides", c.text)
		}
		if layout == majority && !slices.Contains(s.from, "n1") {
			t.Fatalf("%s: the primary is with the majority", c.text)
		}
	})
}
