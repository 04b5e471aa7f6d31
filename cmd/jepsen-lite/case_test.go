package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A queue's element comes out twice, which Jepsen's total-queue only counts.
const twice = `"history":[
 {"process":0,"type":"invoke","f":"enqueue","value":1},
 {"process":0,"type":"ok","f":"enqueue","value":1},
 {"process":1,"type":"invoke","f":"dequeue","value":null},
 {"process":1,"type":"ok","f":"dequeue","value":1},
 {"process":1,"type":"invoke","f":"dequeue","value":null},
 {"process":1,"type":"ok","f":"dequeue","value":1}]`

func TestCheckReadsHowACaseIsJudged(t *testing.T) {
	const unpaired = `"history":[{"process":null,"type":"ok","f":"dequeue","value":1}]`
	for _, test := range []struct {
		name, text string
		args       []string
		code       int
		shows      string
	}{
		{"by the checker that it names, as Jepsen does", `{"checker":"total-queue",` + twice + `}`, nil, 0, "valid"},
		{"its field comes last", `{` + twice + `,"checker":"total-queue"}`, nil, 0, "valid"},
		{"by us, if a check is named", `{"checker":"total-queue",` + twice + `}`, []string{"--check", "total-queue"}, 1, "1 was dequeued 1 times more often"},
		{"with a flag for Jepsen's verdict", `{"checker":"stats",` + twice + `}`, []string{"--check", "total-queue", "--jepsen-quirks"}, 0, "valid"},
		{"a check may stand where a model is expected", `{` + twice + `}`, []string{"--model", "total-queue"}, 1, "invalid"},
		{"by a model", `{"checker":"linearizable","model":"unordered-queue",` + twice + `}`, nil, 1, "linearizable(unordered-queue)"},
		{"completions that nobody invoked", `{"checker":"queue","model":"unordered-queue",` + unpaired + `}`, nil, 1, "which nobody had enqueued"},
		{"which a model does not take", `{` + unpaired + `}`, []string{"--model", "unordered-queue"}, 2, "without an invoke"},
		{"nothing happened", `{"checker":"counter","history":[]}`, nil, 0, "valid"},
		{"nothing happened, by us", `{"checker":"counter","history":[]}`, []string{"--check", "bounds-counter"}, 3, "nothing was read"},
		{"a checker we do not have", `{"checker":"perf",` + twice + `}`, nil, 2, `unknown checker "perf"`},
		{"Jepsen's name of a check", `{` + twice + `}`, []string{"--check", "counter"}, 2, "Jepsen's checker of that name is bounds-counter here"},
		{"no checker and no model", `{` + twice + `}`, nil, 2, "name a --model"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "case.json")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := tool(t, "", append([]string{"check", path}, test.args...)...)
			if got.code != test.code || !strings.Contains(got.out+got.err, test.shows) {
				t.Errorf("exit %d, want %d and %q: %s%s", got.code, test.code, test.shows, got.out, got.err)
			}
		})
	}
}
