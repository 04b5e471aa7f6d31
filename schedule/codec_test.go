package schedule

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// anySchedule draws schedules, most of them senseless.
func anySchedule(t *rapid.T) *Schedule {
	text := rapid.StringMatching(`[a-z"\\:,é ]{1,6}`)
	s := &Schedule{
		Workload: Workload{text.Draw(t, "name"), workloads.Options{
			TTL: time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "ttl")), Stock: rapid.Int64().Draw(t, "stock"),
		}},
		Target: Target{text.Draw(t, "persistence"), rapid.IntRange(0, 3).Draw(t, "replicas")},
		Seed:   rapid.Uint64().Draw(t, "seed"),
		Checks: rapid.SliceOfN(text, 0, 2).Draw(t, "checks"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "clients") {
		ops := []Op{}
		for range rapid.IntRange(0, 3).Draw(t, "operations") {
			values := []history.Value{{}, history.NullValue, history.Int(7), history.Str(text.Draw(t, "value")), history.List(history.Int(1), history.Str("a, b"))}
			ops = append(ops, Op{text.Draw(t, "f"), text.Draw(t, "key"), rapid.SampledFrom(values).Draw(t, "value")})
		}
		s.Clients = append(s.Clients, ops)
	}
	for range rapid.IntRange(0, 20).Draw(t, "steps") {
		s.Steps = append(s.Steps, anyStep(t))
	}
	return s
}

func anyStep(t *rapid.T) Step {
	step := Step{Verb: rapid.SampledFrom(Verbs()).Draw(t, "verb").Verb}
	switch step.Verb.takes() {
	case onClient:
		step.Client = rapid.IntRange(0, 20).Draw(t, "client")
		step.Helper = rapid.IntRange(0, 2).Draw(t, "helper")
	case onTime:
		step.For = time.Duration(rapid.Int64Range(1, 1e12).Draw(t, "for"))
	case onServer:
		step.Node = rapid.SampledFrom([]string{"", "n1", "n2"}).Draw(t, "node")
	}
	return step
}

func TestAScheduleIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySchedule(t)
		text := s.Encode()
		again, err := Decode(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !again.Equal(s) {
			t.Fatalf("got\n%s\nwant\n%s", again.Encode(), text)
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, `    "`) && len(line) > 81 {
				t.Fatalf("a line of steps has %d characters: %s", len(line)-1, line)
			}
		}
	})
}

const goodFile = `{
  "version": 1,
  "workload": {"name": "lock-naive", "ttl": "300ms"},
  "target": {"persistence": "aof-always"},
  "clients": [
    [
      {"f": "acquire", "key": "k1", "value": "a"},
      {"f": "release", "key": "k1"}
    ],
    [
      {"f": "acquire", "key": "k1", "value": "b"}
    ]
  ],
  "steps": [
    "c0", "c0", "timeout:c0", "late:c0", "kill", "start", "tick:300ms", "c1"
  ]
}
`

func TestWhatAScheduleFileLooksLike(t *testing.T) {
	s, err := Decode([]byte(goodFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(workloads.Find); err != nil {
		t.Fatal(err)
	}
	if got := string(s.Encode()); got != goodFile {
		t.Errorf("got\n%s\nwant\n%s", got, goodFile)
	}
}

func TestWrongScheduleFiles(t *testing.T) {
	for _, test := range []struct{ name, old, new, want string }{
		{"a typo in a field", `"steps"`, `"stpes"`, `line 14: unknown field "stpes": did you mean "steps"?`},
		{"a typo in a step", `"late:c0"`, `"lat:c0"`, `step 4: unknown step "lat:c0": did you mean late:c0?`},
		{"an unknown fault", `"kill"`, `"explode"`, `step 5: unknown step "explode": did you mean`},
		{"a client that does not exist", `"c1"`, `"c7"`, "step 8, c7: there is no client c7: they are c0 to c1"},
		{"a client that cannot exist", `"c1"`, `"c-1"`, `step 8: unknown step "c-1"`},
		{"a node that does not exist", `"kill"`, `"kill:n2"`, "step 5, kill:n2: there is no node n2: they are n1 alone"},
		{"a version from the future", `"version": 1`, `"version": 9`, "version 9 is from a newer jepsen-lite: this one reads up to 1"},
		{"no version", `"version": 1,`, ``, "this is no schedule: it has no version"},
		{"no time", `tick:300ms`, `tick:soon`, `step 7: step "tick:soon": expected it like "tick:300ms"`},
		{"a wrong TTL", `"300ms"}`, `"300"}`, `workload, ttl "300": expected a time, as in "300ms"`},
		{"an unknown workload", `lock-naive`, `lock-naiv`, `unknown workload "lock-naiv": did you mean lock-naive?`},
		{"an unknown persistence", `aof-always`, `aof`, `unknown persistence "aof"`},
		{"a number for a name", `"lock-naive"`, `7`, "line 3: workload.name cannot be of the kind number"},
		{"nothing", goodFile, " \n", "this is no schedule: it is empty"},
		{"a list", goodFile, "[]", "line 1: this is no schedule: expected an object, found JSON of the kind array"},
		{"half a file", goodFile[100:], ``, "unexpected end of JSON input"},
		{"two schedules", goodFile, goodFile + goodFile, "invalid character '{' after top-level value"},
		{"an operation without a name", `"f": "release", `, ``, "client c0, operation 2: it has no f"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Decode([]byte(strings.Replace(goodFile, test.old, test.new, 1)))
			if err == nil {
				err = s.Validate(workloads.Find)
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, test.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(goodFile)
	f.Add(`{"version":1,"clients":[[]],"steps":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Decode([]byte(text))
		if err != nil {
			return
		}
		again, err := Decode(s.Encode())
		if err != nil || !again.Equal(s) {
			t.Errorf("%q: %v\n%s", text, err, s.Encode())
		}
	})
}
