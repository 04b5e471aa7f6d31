package harness

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
)

// Redis refuses writes for ever once an fsync in the background has failed: a run ends
// with a verdict all the same.
func TestAServerThatGoesOnRefusingWritesIsRestarted(t *testing.T) {
	diskfaulttest.Require(t)
	c := short(t, "set", target.AOFEverysec)
	c.Nemesis, c.TimeLimit = []string{"fsync-error once at 500ms for 2s"}, 4*time.Second
	results, err := Run(testContext(t), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	info, err := ReadInfo(results.Folder)
	if err != nil {
		t.Fatal(err)
	}
	isNoted := slices.ContainsFunc(info.Notes, func(note string) bool { return strings.Contains(note, "MISCONF") })
	if results.Verdict != checker.Valid || !isNoted {
		t.Errorf("got %s because %s, notes %q", results.Verdict, results.Reason, info.Notes)
	}
}
