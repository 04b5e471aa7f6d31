package harness

import (
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
)

// A power loss takes from a container what it takes from a process: what was
// acknowledged and not synced.
func TestPowerLossOfAContainerIsJudged(t *testing.T) {
	diskfaulttest.Require(t)
	for _, test := range []struct {
		persistence string
		want        checker.Verdict
	}{
		{target.AOFAlways, checker.Valid},
		{target.AOFNo, checker.Invalid},
	} {
		t.Run(test.persistence, func(t *testing.T) {
			c := short(t, "set", test.persistence)
			c.Target, c.Image = dockerTarget, dockertest.Require(t, docker.Available)
			c.Nemesis, c.TimeLimit = []string{"powerloss once at 1s for 100ms"}, 4*time.Second
			results, err := Run(testContext(t), c, nil)
			if err != nil {
				t.Fatal(err)
			}
			if results.Verdict != test.want || results.Faults["powerloss"] != 1 {
				t.Errorf("got %s because %s, faults %v", results.Verdict, results.Reason, results.Faults)
			}
		})
	}
}
