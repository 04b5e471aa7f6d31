package nemesis

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// awaitPrimaryBut waits until another node than that one is the primary.
func (l netLab) awaitPrimaryBut(t *testing.T, old string) (now string) {
	t.Helper()
	processtest.Eventually(t, "another server is promoted", func() bool {
		ctx, cancel := context.WithTimeout(testContext(t), rolesLimit)
		defer cancel()
		roles, err := l.Roles(ctx)
		for name, role := range roles {
			if role == target.Primary && err == nil {
				now = name
			}
		}
		return now != "" && now != old && strings.Contains(fmt.Sprint(l.on(t, now, "ROLE")), "master")
	})
	return now
}

// The classic split brain: a primary goes on with some of the clients, the Sentinels
// promote another server for the others, and what the first one acknowledged
// meanwhile is gone. With min-replicas-to-write it stops after a while.
func TestSplitBrain(t *testing.T) {
	for _, least := range []int{0, 1} {
		t.Run(fmt.Sprint("min-replicas-to-write ", least), func(t *testing.T) {
			t.Parallel() // Sentinels take ten seconds to take a former primary back
			l := newNetLab(t, topology.Config{Kind: topology.Replicated, MinReplicas: least})
			inside, outside := l.mustDial(t, "c0", l.front(t)), l.mustDial(t, "c1", l.front(t))
			fault := l.fault(t, "partition(primary+c0)")
			act(t, "partition", fault.Inject, Effect{Where: []string{"n1,c0<->n2,n3,s1,s2,s3,c1"}, Took: true})
			outside.mustBeSilent(t, "PING")
			fmt.Fprint(inside, "SET k old\r\n")
			inside.mustAnswer(t, "+OK")
			now := l.awaitPrimaryBut(t, "n1")
			if least > 0 {
				processtest.Eventually(t, "the old primary refuses to write", func() bool {
					_ = inside.SetDeadline(time.Now().Add(patience))
					_, err := inside.ask("SET k old")
					return err != nil && strings.HasPrefix(err.Error(), "-NOREPLICAS")
				})
			} else {
				fmt.Fprint(inside, "SET k older\r\n")
				inside.mustAnswer(t, "+OK")
			}
			other := l.mustDial(t, "c1", l.front(t))
			fmt.Fprint(other, "GET k\r\n")
			other.mustAnswer(t, "$-1")
			healed, err := fault.Heal(testContext(t))
			if err != nil || !healed.Took || healed.Late || healed.Figures["held_bytes"] == 0 {
				t.Errorf("healed: %+v, %v", healed, err)
			}
			if err := l.Settle(testContext(t)); err != nil {
				t.Fatal(err)
			}
			for _, node := range []string{"n1", now} {
				if got := l.on(t, node, "GET", "k"); got != nil {
					t.Errorf("%s has %v: want what was acknowledged to be lost", node, got)
				}
			}
		})
	}
}

// A fault of the primary's links stays with the server that was the primary.
func TestLinksStayWhereTheyWereChosen(t *testing.T) {
	l := newNetLab(t, topology.Config{Kind: topology.Replicated})
	fault := l.fault(t, "partition(primary->replicas)")
	where := []string{"n1->n2,n3"}
	act(t, "cut", fault.Inject, Effect{Where: where, Took: true})
	l.on(t, "n1", "SET", "k", "v")
	ctx, cancel := context.WithTimeout(testContext(t), patience)
	defer cancel()
	if _, done, err := l.Failover(ctx, target.Agreed); err != nil || !done {
		t.Fatalf("fail over: %v, %v", done, err)
	}
	now := l.awaitPrimaryBut(t, "n1")
	healed, err := fault.Heal(testContext(t))
	if err != nil || healed.Where[0] != where[0] || healed.Figures["held_bytes"] == 0 {
		t.Errorf("healed: %+v, %v; want it on %s", healed, err, where)
	}
	act(t, "cut again", fault.Inject, Effect{Where: []string{now + "->" + strings.Join(without([]string{"n1", "n2", "n3"}, []string{now}), ",")}, Took: true})
	if _, err := fault.Heal(testContext(t)); err != nil {
		t.Error(err)
	}
}

// What the nemesis does to the links of replicas, they and their primary see.
func TestReplicationUnderFaults(t *testing.T) {
	l := newNetLab(t, topology.Config{Kind: topology.Replicated})
	replicas := func(want any) func() bool {
		return func() bool { return l.on(t, "n1", "WAIT", 2, 100) == want }
	}
	for i, plan := range []string{
		"partition(primary->replicas)", "partition(replicas->primary)", "latency(primary->replicas, 1h)", "latency(replicas<->primary, 1h)",
	} {
		processtest.Eventually(t, "both follow", replicas(int64(2)))
		fault := l.fault(t, plan)
		if effect, err := fault.Inject(testContext(t)); err != nil || !effect.Took {
			t.Errorf("%s: %+v, %v", plan, effect, err)
		}
		l.on(t, "n1", "SET", "k", i)
		if got := l.on(t, "n1", "WAIT", 2, 100); got != int64(0) {
			t.Errorf("%s: %v replicas acknowledge a write", plan, got)
		}
		if healed, err := fault.Heal(testContext(t)); err != nil || healed.Figures["held_bytes"] == 0 {
			t.Errorf("%s: healed: %+v, %v", plan, healed, err)
		}
	}
	processtest.Eventually(t, "both follow", replicas(int64(2)))
}
