package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

// queueHistory is a queue from which 2 comes out twice.
const queueHistory = `{"index":0,"time":1000000,"process":0,"type":"invoke","f":"enqueue","value":2}
{"index":1,"time":2000000,"process":0,"type":"ok","f":"enqueue","value":2}
{"index":2,"time":2500000,"process":"nemesis","type":"info","f":"kill","value":{"effect":true,"node":"n1"}}
{"index":3,"time":3000000,"process":1,"type":"invoke","f":"dequeue","value":null}
{"index":4,"time":4000000,"process":1,"type":"ok","f":"dequeue","value":2}
{"index":5,"time":4500000,"process":0,"type":"invoke","f":"enqueue","value":3}
{"index":6,"time":5000000,"process":2,"type":"invoke","f":"dequeue","value":null}
{"index":7,"time":6000000,"process":2,"type":"ok","f":"dequeue","value":2}
`

func TestCheckPrintsWhatIsWrong(t *testing.T) {
	got := tool(t, queueHistory, "check", "-", "--model", "fifo-queue")
	if got.code != 1 || got.err != "" {
		t.Errorf("exit %d, %q; want 1 and nothing on standard error", got.code, got.err)
	}
	golden(t, "check-queue.txt", got.out)
}

func TestCheckPrintsOneJSONDocument(t *testing.T) {
	got := tool(t, queueHistory, "check", "-", "--model", "fifo-queue", "--check", "delivery", "--json")
	var results harness.Results
	if err := json.Unmarshal([]byte(got.out), &results); err != nil || got.code != 1 {
		t.Fatalf("exit %d, %v: %q", got.code, err, got.out)
	}
	if results.Verdict != "invalid" || len(results.Checks) != 2 || results.Ops.OK != 3 || results.Ops.Info != 1 || results.Faults["kill"] != 1 {
		t.Errorf("got %+v", results)
	}
}

// Every engine finds the same, and says who it was.
func TestCheckByEveryEngine(t *testing.T) {
	for engine, by := range map[string]string{"auto": "monitor", "monitor": "monitor", "search": "search", "porcupine": "porcupine", "all": "monitor"} {
		t.Run(engine, func(t *testing.T) {
			got := tool(t, queueHistory, "check", "-", "--model", "fifo-queue", "--engine", engine, "--json")
			var results harness.Results
			if err := json.Unmarshal([]byte(got.out), &results); err != nil || got.code != 1 || results.ReadingNS <= 0 {
				t.Fatalf("exit %d, %v: %q", got.code, err, got.out)
			}
			c := results.Checks[0]
			if c.Engine != by || len(c.Anomalies) != 1 || len(c.Anomalies[0].Ops) != 3 || c.Timing == nil || c.Timing.JudgingNS <= 0 {
				t.Errorf("got %+v", c)
			}
		})
	}
	if got := tool(t, queueHistory, "check", "-", "--model", "fifo-queue", "--engine", "knossos"); got.code != 2 ||
		!strings.Contains(got.err, `unknown engine "knossos": expected one of auto, monitor, search, porcupine, all`) {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
	twice := strings.ReplaceAll(queueHistory, `"value":3`, `"value":2`)
	got := tool(t, twice, "check", "-", "--model", "fifo-queue", "--engine", "monitor")
	if got.code != 3 || !strings.Contains(strings.Join(strings.Fields(got.out), " "), "does not apply to 1 of 1 keys (an element was enqueued twice); try --engine auto") {
		t.Errorf("exit %d, %q", got.code, got.out)
	}
}

func TestCheckDrawsPorcupinesPicture(t *testing.T) {
	page := filepath.Join(t.TempDir(), "picture.html")
	got := tool(t, queueHistory, "check", "-", "--model", "fifo-queue", "--visualize", page)
	text, err := os.ReadFile(page)
	if err != nil || got.code != 1 || !strings.Contains(string(text), "dequeue → 2") || !strings.Contains(got.out, "picture of all 4 operations") {
		t.Errorf("exit %d, %v: %q", got.code, err, got.out)
	}
	got = tool(t, queueHistory, "check", "-", "--model", "fifo-queue", "--visualize", filepath.Join(page, "x"))
	if got.code != 1 || !strings.Contains(got.out, "there is no picture: ") {
		t.Errorf("the verdict was lost with the picture: exit %d, %q", got.code, got.out)
	}
	if got = tool(t, queueHistory, "check", "-", "--check", "delivery", "--visualize", page); got.code != 2 ||
		!strings.Contains(got.err, "--visualize draws a history as one of a --model: name it") {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
}

func TestCheckExitsWithTheVerdict(t *testing.T) {
	lines := strings.SplitAfter(queueHistory, "\n")
	legal := strings.Join(lines[:6], "")
	for _, test := range []struct {
		name, history string
		args          []string
		code          int
	}{
		{"valid, however small", legal, []string{"--model", "fifo-queue"}, 0},
		{"invalid", queueHistory, []string{"--model", "unordered-queue"}, 1},
		{"unknown: statistics judge nothing", legal, []string{"--check", "stats"}, 3},
		{"unknown: nothing says that the queue was emptied", legal, []string{"--check", "delivery"}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := tool(t, test.history, append([]string{"check", "-"}, test.args...)...); got.code != test.code {
				t.Errorf("exit %d, want %d: %s%s", got.code, test.code, got.out, got.err)
			}
		})
	}
}
