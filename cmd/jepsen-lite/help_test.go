package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// commands returns the root and all below it.
func commands() []*cobra.Command {
	var all []*cobra.Command
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		all = append(all, c)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	root := newRoot(streams{strings.NewReader(""), new(bytes.Buffer), new(bytes.Buffer)})
	walk(root)
	return all
}

func TestEveryExampleCanBeCopied(t *testing.T) {
	root := commands()[0]
	examples := 0
	for _, c := range commands() {
		for line := range strings.Lines(c.Example) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "   ") // a remark follows
			line, _, _ = strings.Cut(line, " | ")
			line, _, _ = strings.Cut(line, " < ")
			words := strings.Fields(strings.ReplaceAll(line, "'", ""))
			if len(words) == 0 || words[0] != "jepsen-lite" {
				t.Errorf("%s: %q is no command", c.Name(), line)
				continue
			}
			sub, rest, err := root.Find(words[1:])
			if err != nil {
				t.Errorf("%q: %v", line, err)
				continue
			}
			if err := sub.ParseFlags(rest); err != nil {
				t.Errorf("%q: %v", line, err)
			}
			examples++
		}
	}
	if examples < 8 {
		t.Errorf("only %d examples", examples)
	}
}

func TestEveryFlagAndCommandIsExplained(t *testing.T) {
	for _, c := range commands() {
		if c.Short == "" || c.Parent() != nil && c.Example == "" && c.Name() != "version" {
			t.Errorf("%s has no short text or no example", c.Name())
		}
	}
	golden(t, "help.txt", tool(t, "", "--help").out)
	for _, name := range []string{"run", "explore", "replay", "shrink", "convert", "serve", "show", "report"} {
		golden(t, "help-"+name+".txt", tool(t, "", name, "--help").out)
	}
}

func TestHelpFitsIntoATerminal(t *testing.T) {
	for _, name := range []string{"explore", "replay", "shrink", "convert", "serve", "show", "report"} {
		for line := range strings.Lines(tool(t, "", name, "--help").out) {
			if len([]rune(strings.TrimSuffix(line, "\n"))) > 80 {
				t.Errorf("%s: wider than 80 columns: %s", name, line)
			}
		}
	}
}

func TestListShowsEveryTable(t *testing.T) {
	golden(t, "list.txt", tool(t, "", "list").out)
	var lists map[string][]item
	got := tool(t, "", "list", "--json")
	if err := json.Unmarshal([]byte(got.out), &lists); err != nil || got.code != 0 {
		t.Fatalf("exit %d, %v", got.code, err)
	}
	if len(lists["workloads"]) != len(workloads.All()) {
		t.Errorf("got %d workloads, want %d", len(lists["workloads"]), len(workloads.All()))
	}
}

func TestVersionAndCompletion(t *testing.T) {
	if got := tool(t, "", "version"); got.code != 0 || !strings.HasPrefix(got.out, "jepsen-lite 0.") {
		t.Errorf("exit %d, %q", got.code, got.out)
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if got := tool(t, "", "completion", shell); got.code != 0 || !strings.Contains(got.out, "jepsen-lite") {
			t.Errorf("%s: exit %d", shell, got.code)
		}
	}
}
