package sim

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// The table of commands says what Redis says of itself.
func TestTheTableOfCommandsIsThatOfRedis(t *testing.T) {
	w := dial(t, processtest.Start(t, "none").Nodes()[0].Addr())
	for _, name := range namesInTheTable(t) {
		known := lookup(name)
		if known.does == 0 {
			t.Fatalf("%s is not known", name)
		}
		// *1 of [name, arity, flags, …]
		lines := strings.Split(w.execute(t, "COMMAND", "INFO", name), "\r\n")
		if arity, err := strconv.Atoi(strings.TrimPrefix(lines[4], ":")); err != nil || arity != known.arity {
			t.Errorf("%s: arity %d, want %s", name, known.arity, lines[4])
		}
		flag := func(f string) bool { return slices.Contains(lines, "+"+f) }
		if name == "CLIENT" || name == "SCRIPT" {
			continue // what it may do is said of each subcommand
		}
		if (known.does == writes) != flag("write") || (known.does == reads) != flag("readonly") {
			t.Errorf("%s: it does %d, but Redis says %q", name, known.does, lines)
		}
		if whileLoading(name) != flag("loading") || inScripts(name) == flag("noscript") {
			t.Errorf("%s: while loading %v, in scripts %v, but Redis says %q", name, whileLoading(name), inScripts(name), lines)
		}
	}
}

// namesInTheTable reads them from the source, so that none is left out.
func namesInTheTable(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("commands.go")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, match := range regexp.MustCompile(`"([A-Z]+)"`).FindAllStringSubmatch(string(source), -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) < 100 {
		t.Fatalf("the table has only %q", names)
	}
	return names
}
