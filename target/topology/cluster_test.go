package topology

import (
	"slices"
	"strings"
	"testing"
)

const twoNodes = `a1 127.0.0.1:7001@17001 myself,master - 0 1700000000000 1 connected 0-5460 [93->-b2]
b2 127.0.0.1:7002@17002,host slave,fail a1 1700000000000 1700000000001 1 disconnected
`

func TestParseNodes(t *testing.T) {
	all, err := parseNodes(twoNodes)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	if n := all[0]; n.id != "a1" || n.addr != "127.0.0.1:7001" || !n.self || n.fails() || !slices.Equal(n.slots, []string{"0-5460", "[93->-b2]"}) {
		t.Errorf("got %+v", n)
	}
	if n := all[1]; n.primary != "a1" || n.self || !n.fails() || len(n.slots) != 0 {
		t.Errorf("got %+v", n)
	}
	for _, wrong := range []string{"a1 127.0.0.1:1@2 master", "a1 nowhere master - 0 0 0 connected"} {
		if _, err := parseNodes(wrong); err == nil || !strings.Contains(err.Error(), "CLUSTER NODES") {
			t.Errorf("%q: got %v", wrong, err)
		}
	}
}

func FuzzParseNodes(f *testing.F) {
	f.Add(twoNodes)
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseNodes(text)
		if err == nil && len(all) > strings.Count(text, "\n")+1 {
			t.Errorf("%d nodes of %d lines", len(all), strings.Count(text, "\n")+1)
		}
	})
}
