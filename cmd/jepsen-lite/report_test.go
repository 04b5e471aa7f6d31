package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A run in which a counter lost an addition to a kill, and one client did not
// hear what became of its own.
const (
	runJSON = `{"version":1,"config":{"workload":"counter","nemesis":["kill"],"time_limit_ns":2000000000,"seed":42},
"command":"jepsen-lite run --workload counter --persistence none --nemesis kill --time-limit 2s --seed 42",
"checks":["linearizable(counter)","stats"],"redis":"redis 7.0.15","cut_short":true,"notes":["n1 had ended by itself: see its log in servers/n1"]}`
	runHistory = `{"index":0,"time":1000000,"process":0,"type":"invoke","f":"add-and-get","key":"k1","value":2}
{"index":1,"time":1300000,"process":0,"type":"ok","f":"add-and-get","key":"k1","value":2}
{"index":2,"time":1400000,"process":2,"type":"invoke","f":"add-and-get","key":"k1","value":5}
{"index":3,"time":3000000,"process":"nemesis","type":"info","f":"kill","value":{"effect":true,"node":"n1"}}
{"index":4,"time":3100000,"process":2,"type":"info","f":"add-and-get","key":"k1","error":"eof"}
{"index":5,"time":3200000,"process":1,"type":"invoke","f":"read","key":"k1","value":null}
{"index":6,"time":3300000,"process":1,"type":"fail","f":"read","key":"k1","error":"conn-refused"}
{"index":7,"time":4000000,"process":"nemesis","type":"info","f":"start","value":{"effect":true,"heals":"kill","node":"n1"}}
{"index":8,"time":6000000,"process":1,"type":"invoke","f":"read","key":"k1","value":null}
{"index":9,"time":7000000,"process":1,"type":"ok","f":"read","key":"k1","value":0}
{"index":10,"time":8000000,"process":"nemesis","type":"info","f":"end"}
`
)

func TestCheckPrintsARun(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "run")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"run.json": runJSON, "history.jsonl": runHistory} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(binary, "check", "run")
	cmd.Dir = dir
	got := finished(t, cmd, "")
	if got.code != 1 || got.err != "" {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
	golden(t, "check-run.txt", got.out)
}

// What a history says moves no cursor and changes no colour.
func TestHistoriesDoNotReachTheTerminal(t *testing.T) {
	const escape = "\\u001b[2J"
	h := `{"process":0,"type":"invoke","f":"write","key":"k` + escape + `","value":"1` + escape + `"}
{"process":0,"type":"ok","f":"write","key":"k` + escape + `","value":"1` + escape + `"}
{"process":0,"type":"invoke","f":"read","key":"k` + escape + `","value":null}
{"process":0,"type":"ok","f":"read","key":"k` + escape + `","value":"2` + escape + `"}
{"process":1,"type":"invoke","f":"read","key":"other","value":null}
{"process":1,"type":"info","f":"read","key":"other","error":"e` + escape + `"}
`
	got := tool(t, h, "check", "-", "--model", "register")
	if got.code != 1 || strings.ContainsRune(got.out+got.err, '\x1b') {
		t.Errorf("exit %d: %q %q", got.code, got.out, got.err)
	}
}
