package harness

import (
	"cmp"
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/faketime"
)

// nowhere is the folder of servers that are prepared and never started.
const nowhere = "nowhere"

// refuse returns a *[UsageError] if the config's faults cannot work on the stage,
// with the nearest that can; or nil. Nothing is started and no file is made.
func (s *stage) refuse(c Config) error {
	plan, err := c.plan()
	if err != nil {
		return &UsageError{err}
	}
	able, missing := s.able(c, plan)
	servers, err := s.live(able, nowhere)
	if err != nil {
		return err
	}
	defer servers.close()
	err = nemesis.Check(plan, servers.servers())
	switch {
	case err == nil:
		return nil
	case missing != nil:
		err = fmt.Errorf("%w; %w", err, missing)
	}
	return &UsageError{err}
}

// able returns the config without those faults that need what this machine has not
// got, and why it has not the first of it.
func (s *stage) able(c Config, plan nemesis.Plan) (able Config, missing error) {
	able = c
	able.Nemesis = nil
	for i, item := range plan.Items {
		kind, _ := nemesis.Find(item.Fault)
		if err := s.lacks(kind.Needs); err != nil {
			missing = cmp.Or(missing, err)
			continue
		}
		able.Nemesis = append(able.Nemesis, nemesis.Texts(plan.Items[i:i+1])...)
	}
	return able, missing
}

// lacks returns why this machine cannot make servers with that, or nil. What the
// backend itself cannot is no question of the machine.
func (s *stage) lacks(need nemesis.Need) error {
	switch {
	case need == nemesis.Clocks && (s.backend == processTarget || s.backend == dockerTarget):
		_, err := faketime.Find()
		return cmp.Or(err, s.noClocks)
	case need == nemesis.Disks && (s.backend == processTarget || s.backend == dockerTarget):
		return diskfault.Available()
	}
	return nil
}

// needs tells whether the plan has a fault that needs servers made with that.
func (c Config) needs(need nemesis.Need) bool {
	plan, err := c.plan()
	return err == nil && plan.Needs(need)
}

// faketime returns the library through which servers ask for the time, if the plan
// sets their clocks. [stage.refuse] has told of one that is missing.
func (c Config) faketime() string {
	if !c.needs(nemesis.Clocks) {
		return ""
	}
	library, _ := faketime.Find()
	return library
}
