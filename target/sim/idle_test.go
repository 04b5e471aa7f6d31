package sim

import (
	"regexp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// What Redis does not count as a change is not logged, but for a few commands of
// which only more than the reply would tell.
func TestWhatChangesNothingIsNotLogged(t *testing.T) {
	w := dial(t, processtest.Start(t, "none").Nodes()[0].Addr())
	changes := func() string {
		found := regexp.MustCompile(`rdb_changes_since_last_save:(\d+)`).FindStringSubmatch(w.execute(t, "INFO", "persistence"))
		return found[1]
	}
	inDoubt := []string{"SET", "HSET", "ZADD", "LMOVE", "RENAME", "FLUSHDB", "FLUSHALL"}
	s := started(t, "none")
	rapid.Check(t, func(rt *rapid.T) {
		s.Reset(s.persistence)
		if _, err := s.Start(); err != nil {
			rt.Fatal(err)
		}
		c := s.Connect()
		w.execute(t, "FLUSHALL")
		for range 10 {
			args := command(rt)
			if args[0] == "SELECT" {
				continue
			}
			before, logged := changes(), s.log.executed()
			simulated, real := string(c.Execute(args...)), w.execute(t, args...)
			if !agree(args, simulated, real) {
				rt.Fatalf("%q: simulated %q, real %q", args, simulated, real)
			}
			simulatedChange, realChange := s.log.executed() > logged, changes() != before
			if slices.Contains(inDoubt, args[0]) && !realChange {
				continue
			}
			if simulatedChange != realChange {
				rt.Fatalf("%q answers %q: logged %v, but for Redis a change %v", args, simulated, simulatedChange, realChange)
			}
		}
	})
}
