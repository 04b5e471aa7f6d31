package target_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func TestParsePersistence(t *testing.T) {
	for _, test := range []struct {
		text  string
		lines []string // of redis.conf that must be there
		wrong string   // what the error says; "": there is none
	}{
		{"none", []string{`save ""`, "appendonly no"}, ""},
		{"rdb", []string{"save 3600 1", "save 300 100", "save 60 10000", "appendonly no"}, ""},
		{"rdb:5/1,1/100", []string{"save 5 1", "save 1 100", "appendonly no"}, ""},
		{"aof-always", []string{`save ""`, "appendonly yes", "appendfsync always"}, ""},
		{"aof-everysec", []string{`save ""`, "appendonly yes", "appendfsync everysec"}, ""},
		{"aof-no", []string{`save ""`, "appendonly yes", "appendfsync no"}, ""},
		{"mixed", []string{"save 3600 1", "appendonly yes", "appendfsync everysec", "aof-use-rdb-preamble yes"}, ""},
		{"", nil, `unknown persistence ""`},
		{"aof", nil, "expected none, rdb, aof-always"},
		{"none:5/1", nil, "takes no save points: expected just none"},
		{"rdb:", nil, `save point "": expected SECONDS/CHANGES, as in rdb:5/1`},
		{"rdb:5", nil, `save point "5"`},
		{"mixed:0/1", nil, `save point "0/1"`},
		{"rdb:5/-1", nil, `save point "5/-1"`},
		{"rdb:5/1\nbind 0.0.0.0", nil, "save point"},
	} {
		t.Run(test.text, func(t *testing.T) {
			p, err := target.ParsePersistence(test.text)
			if test.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), test.wrong) {
					t.Errorf("got %v, want %q", err, test.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range test.lines {
				if !slices.Contains(p.Directives(), line) {
					t.Errorf("%q is not in %q", line, p.Directives())
				}
			}
			if p.String() != test.text {
				t.Errorf("shown as %q", p)
			}
		})
	}
}

func TestPersistenceReadsWhatItShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		preset := rapid.SampledFrom(target.Presets()).Draw(t, "preset")[0]
		text := preset
		if preset == target.RDB || preset == target.Mixed {
			points := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
				return fmt.Sprintf("%d/%d", rapid.IntRange(1, 1e6).Draw(t, "seconds"), rapid.IntRange(1, 1e6).Draw(t, "changes"))
			}), 1, 4).Draw(t, "points")
			text += ":" + strings.Join(points, ",")
		}
		p, err := target.ParsePersistence(text)
		if err != nil {
			t.Fatal(err)
		}
		if p.String() != text || p.Preset() != preset {
			t.Fatalf("%q became %q", text, p)
		}
	})
}

// FuzzParsePersistence wants that no text brings a line of its own into the
// server's configuration.
func FuzzParsePersistence(f *testing.F) {
	for _, p := range target.Presets() {
		f.Add(p[0])
		f.Add(p[0] + ":5/1")
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := target.ParsePersistence(text)
		if err != nil {
			return
		}
		for _, line := range p.Directives() {
			if strings.ContainsAny(line, "\r\n") {
				t.Errorf("%q gives the line %q", text, line)
			}
		}
		if again, err := target.ParsePersistence(p.String()); err != nil || again.String() != p.String() {
			t.Errorf("%q became %q, then %q, %v", text, p, again, err)
		}
	})
}

func ExampleParsePersistence() {
	p, _ := target.ParsePersistence("rdb:5/1")
	fmt.Println(p.Directives())
	_, err := target.ParsePersistence("rdb:5")
	fmt.Println(err)
	// Output:
	// [save 5 1 appendonly no]
	// save point "5": expected SECONDS/CHANGES, as in rdb:5/1
}
