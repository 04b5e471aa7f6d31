package runfolder

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

func opened(t testing.TB, files map[string]string) *Run {
	t.Helper()
	r := &Run{Dir: t.TempDir(), Info: harness.Info{Started: time.Date(2026, 11, 21, 23, 59, 59, 0, time.UTC)}}
	for name, text := range files {
		path := filepath.Join(r.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// A line has the run's time, whatever zone its server is in.
func TestLogTimes(t *testing.T) {
	const ms = int64(time.Millisecond)
	for _, test := range []struct {
		name, text string
		at         []int64
		levels     string
		unaligned  bool
	}{
		{"UTC, over midnight", "1:C 21 Nov 2026 23:59:59.250 # start\n1:M 22 Nov 2026 00:00:01.000 * ready\n", []int64{250 * ms, 2000 * ms}, "warning notice", false},
		{"a zone of 5 h 45 min", "1:C 22 Nov 2026 05:44:59.100 - start\n1:M 22 Nov 2026 05:45:00.000 . more\n", []int64{100 * ms, 1000 * ms}, "verbose debug", false},
		{"behind by 8 h", "12:X 21 Nov 2026 15:59:58.900 # start\n", []int64{-100 * ms}, "warning", false},
		{"lines that go on", "before\n1:C 21 Nov 2026 23:59:59.250 # start\n  and more\n", []int64{-1, 250 * ms, 250 * ms}, " warning ", false},
		{"no times", "hello\nworld\n", []int64{-1, -1}, " ", true},
		{"another day", "1:C 1 Jan 2026 00:03:11.000 # start\n1:C 1 Jan 2026 00:03:12.000 # more\n", []int64{-1, -1}, "warning warning", true},
		{"no such day", "1:C 99 Xyz 2026 00:00:00.000 # start\n1:C 21 Nov 2026 23:59:59.000 * more\n", []int64{-1, 0}, "warning notice", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			logs := opened(t, map[string]string{"servers/n1/redis.log": test.text}).Logs()
			if len(logs) != 1 || logs[0].Node != "n1" || logs[0].File != "servers/n1/redis.log" || (logs[0].Unaligned != "") != test.unaligned {
				t.Fatalf("%+v", logs)
			}
			var at []int64
			var levels []string
			for _, line := range logs[0].Lines {
				at, levels = append(at, line.At), append(levels, line.Level)
			}
			if fmt.Sprint(at) != fmt.Sprint(test.at) || strings.Join(levels, " ") != test.levels {
				t.Errorf("%v %q, want %v %q", at, levels, test.at, test.levels)
			}
		})
	}
}

func TestLogsAreBounded(t *testing.T) {
	many := strings.Repeat("a line\n", headLines+tailLines+7)
	huge := strings.Repeat(strings.Repeat("x", 99)+"\n", 3*logEndBytes/100)
	r := opened(t, map[string]string{
		"servers/n1/redis.log": many, "servers/n1/output.log": "", "servers/n2/redis.log": huge, "servers/n3/redis.log": strings.Repeat("é", 1000),
	})
	logs := r.Logs()
	if len(logs) != 3 || len(r.Problems) > 0 {
		t.Fatalf("%d logs, %v", len(logs), r.Problems)
	}
	if got := logs[0]; len(got.Lines) != headLines+tailLines || got.Cut != fmt.Sprintf("The middle is left out: 7 of %d lines.", headLines+tailLines+7) {
		t.Errorf("%d lines; %s", len(got.Lines), got.Cut)
	}
	if got := logs[1]; len(got.Lines) != headLines+tailLines || !strings.HasPrefix(got.Cut, "The middle is left out: more than ") {
		t.Errorf("%d lines; %s", len(got.Lines), got.Cut)
	}
	if got := logs[2]; len(got.Lines) != 1 || len([]rune(got.Lines[0].Text)) != lineRunes+1 || got.Cut != "" {
		t.Errorf("%d lines; %s", len(got.Lines), got.Cut)
	}
}

func TestALogThatCannotBeRead(t *testing.T) {
	r := opened(t, map[string]string{"servers/n1/redis.log/inside": "it is a folder"})
	if logs := r.Logs(); len(logs) != 0 || len(r.Problems) != 1 {
		t.Errorf("%v, %v", logs, r.Problems)
	}
}

func FuzzLogs(f *testing.F) {
	f.Add("1:C 21 Nov 2026 23:59:59.250 # start\nmore\n")
	f.Add("\x00\xff\n\n1:M 21 Nov 2026 23:59:59.999 - \n")
	f.Fuzz(func(t *testing.T, text string) {
		var log Log
		log.fill([]byte(text), 0)
		log.align(time.Date(2026, 11, 21, 23, 59, 59, 0, time.UTC))
		for _, line := range log.Lines {
			if strings.Contains(line.Text, "\n") {
				t.Errorf("a line of several: %q", line.Text)
			}
		}
	})
}
