package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// staleEDN is a register that forgets a write, as Jepsen writes it.
const staleEDN = `[{:process 0, :type :invoke, :f :write, :value 1}
 {:process 0, :type :ok, :f :write, :value 1}
 ; nobody wrote 2
 {:process 1, :type :invoke, :f :read, :value nil}
 {:process :nemesis, :type :info, :f :kill, :value nil}
 {:process 1, :type :ok, :f :read, :value 2}]
`

const (
	nilRead = "{:process 0, :type :invoke, :f :write, :value 1}\n{:process 0, :type :ok, :f :write, :value 1}\n" +
		"{:process 1, :type :invoke, :f :read, :value nil}\n{:process 1, :type :ok, :f :read, :value nil}\n"
	keyed = "{:process 0, :type :invoke, :f :write, :value [:x 1]}\n{:process 0, :type :ok, :f :write, :value [:x 1]}\n" +
		"{:process 1, :type :invoke, :f :read, :value [:y nil]}\n{:process 1, :type :ok, :f :read, :value [:y 1]}\n"
	printed = "INFO  jepsen.core - Everything relies on this\nINFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\t3\n"
	array   = `[{"type":"invoke","f":"read","process":0,"index":7}, {"type":"ok","f":"read","process":0,"value":null,"index":9}]`
)

func TestCheckReadsTheFormatsOfOthers(t *testing.T) {
	for _, test := range []struct {
		name, history string
		args          []string
		code          int
		says          string
	}{
		{"a vector of maps", staleEDN, nil, 1, "invalid"},
		{"a read of nil says nothing", nilRead, nil, 0, "valid"},
		{"a read of nil saw it", nilRead, []string{"--nil-is-initial"}, 1, "invalid"},
		{"keys apart", keyed, []string{"--keyed"}, 1, "invalid"},
		{"the log", printed, nil, 1, "invalid"},
		{"an array of objects", array, []string{"--nil-is-initial"}, 0, "valid"},
		{"the wrong format", staleEDN, []string{"--format", "jsonl"}, 2, "line 1: column 1: expected a JSON object"},
		{"no such format", staleEDN, []string{"--format", "xml"}, 2, "expected auto, jsonl, edn, jepsen-log, json"},
		{"a completion alone", "{:process 1, :type :ok, :f :read, :value 3}", nil, 2, "line 1: process 1 completes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := tool(t, test.history, append([]string{"check", "-", "--model", "cas-register"}, test.args...)...)
			if got.code != test.code || !strings.Contains(strings.ToLower(got.out+got.err), strings.ToLower(test.says)) {
				t.Errorf("exit %d, want %d and %q: %s%s", got.code, test.code, test.says, got.out, got.err)
			}
		})
	}
}

func TestCheckReadsAStoreFolder(t *testing.T) {
	store := t.TempDir()
	file := func(name, text string) {
		t.Helper()
		path := filepath.Join(store, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	check := func(code int, says string) {
		t.Helper()
		got := tool(t, "", "check", store, "--model", "cas-register")
		if got.code != code || !strings.Contains(got.out+got.err, says) {
			t.Errorf("exit %d, want %d and %q: %s%s", got.code, code, says, got.out, got.err)
		}
	}
	file("test.jepsen", "JEPSEN\x00\x01")
	check(2, "test.jepsen, which is not read: expected a history.edn")
	file("independent/3/history.edn", nilRead)
	file("independent/4/history.edn", staleEDN)
	check(1, "impossible-result on 4")
	file("history.txt", printed)
	check(1, "3")
	file("history.edn", nilRead)
	check(0, "")
}

func TestConvertWritesAFileOnce(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "history.jsonl")
	if got := tool(t, staleEDN, "convert", "-", out); got.code != 0 || got.out != "" || got.err != "" {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	text, err := os.ReadFile(out)
	want := `{"index":3,"time":3,"process":"nemesis","type":"info","f":"kill","value":null}`
	if err != nil || !strings.Contains(string(text), want) {
		t.Fatalf("got %v and %s, want the line %s", err, text, want)
	}
	if got := tool(t, nilRead, "convert", "-", out); got.code != 2 || !strings.Contains(got.err, "--force") {
		t.Errorf("exit %d, %q: want a refusal to overwrite", got.code, got.err)
	}
	if got := tool(t, "{:process 0", "convert", "-", out, "--force"); got.code != 2 || !strings.Contains(got.err, "line 1: the text ends inside this value") {
		t.Errorf("exit %d, %q: want the line that is cut off", got.code, got.err)
	}
	if now, err := os.ReadFile(out); err != nil || string(now) != string(text) {
		t.Errorf("what failed changed the file: %v, %s", err, now)
	}
	if got := tool(t, nilRead, "convert", "-", out, "--force"); got.code != 0 {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("files were left behind: %v, %v", left, err)
	}
}

func TestConvertPrintsTheFormatAskedFor(t *testing.T) {
	for _, test := range []struct{ to, want string }{
		{"auto", `{"index":3,"time":3,"process":1,"type":"ok","f":"read"}` + "\n"},
		{"edn", `{:index 3, :time 3, :process 1, :type :ok, :f :read}` + "\n"},
		{"json", ",\n" + `{"index":3,"time":3,"process":1,"type":"ok","f":"read"}]` + "\n"},
	} {
		if got := tool(t, nilRead, "convert", "-", "-", "--to", test.to); got.code != 0 || !strings.HasSuffix(got.out, test.want) {
			t.Errorf("--to %s: exit %d, want the end %q: %s%s", test.to, got.code, test.want, got.out, got.err)
		}
	}
	if got := tool(t, nilRead, "convert", "-", "-", "--to", "jepsen-log"); got.code != 2 || !strings.Contains(got.err, "not written") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}
