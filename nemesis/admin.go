package nemesis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// adminLimit bounds a command of the nemesis' own. A frozen server does not
// answer, and must not hold the other faults up for long.
const adminLimit = 2 * time.Second

func canCommand(node target.Node) error {
	if _, ok := node.(target.Commander); !ok {
		return lacks(node, "given commands")
	}
	return nil
}

// command performs a command on a node and returns the reply. The node is one
// that can.
func command(ctx context.Context, node target.Node, args ...any) (any, error) {
	return commandWithin(ctx, adminLimit, node, args...)
}

func commandWithin(ctx context.Context, limit time.Duration, node target.Node, args ...any) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	reply, err := node.(target.Commander).Command(ctx, args...)
	if err != nil {
		err = fmt.Errorf("command %s: %w", node.Name(), err)
	}
	return reply, err
}

// figure returns a number from a section of the node's INFO.
func figure(ctx context.Context, node target.Node, section, name string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, adminLimit)
	defer cancel()
	fields, err := target.CommandInfo(ctx, node.(target.Commander), section)
	if err != nil {
		return 0, fmt.Errorf("command %s: %w", node.Name(), err)
	}
	n, err := strconv.ParseInt(fields[name], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read %s of %s: %w", name, node.Name(), err)
	}
	return n, nil
}

// setting returns a directive of the node's configuration.
func setting(ctx context.Context, node target.Node, name string) (string, error) {
	reply, err := command(ctx, node, "CONFIG", "GET", name)
	if err != nil {
		return "", err
	}
	pair, _ := reply.([]any)
	if len(pair) != 2 {
		return "", fmt.Errorf("command %s: CONFIG GET: there is no directive %q", node.Name(), name)
	}
	return fmt.Sprint(pair[1]), nil
}

// settings are directives that were changed, with what they were before.
type settings struct {
	changed touched
	before  map[string][][2]string // by node
	// held are the directives of nodes that any fault has changed.
	//
	// Why: of two that change one, the second would take the first one's value for
	// what was there before, and leave it behind for good.
	held map[directive]bool
}

type directive struct{ node, name string }

// settings returns settings that no other fault of the environment changes
// meanwhile.
func (e Env) settings() settings {
	if e.held == nil {
		e.held = map[directive]bool{}
	}
	return settings{before: map[string][][2]string{}, held: e.held}
}

// change sets directives of a node, one after the other.
func (s *settings) change(ctx context.Context, node target.Node, pairs ...[2]string) error {
	_, err := s.changed.touch(node, func() (bool, error) {
		for _, pair := range pairs {
			d := directive{node.Name(), strings.ToLower(pair[0])}
			if s.held[d] {
				return false, fmt.Errorf("command %s: another fault has changed %s and not set it back yet", d.node, d.name)
			}
			old, err := setting(ctx, node, pair[0])
			if err != nil {
				return false, err
			}
			s.held[d] = true
			s.before[node.Name()] = append(s.before[node.Name()], [2]string{pair[0], old})
			if _, err := command(ctx, node, "CONFIG", "SET", pair[0], pair[1]); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	return err
}

// restore sets them back, the last one first. A server that is down has lost them
// with its memory, and starts with those of its file.
func (s *settings) restore(ctx context.Context) (Effect, error) {
	return s.changed.heal(func(node target.Node) (took bool, err error) {
		for list := s.before[node.Name()]; len(list) > 0; {
			last := list[len(list)-1]
			if node.Running() {
				if _, err := command(ctx, node, "CONFIG", "SET", last[0], last[1]); err != nil {
					return took, err
				}
				took = true
			}
			delete(s.held, directive{node.Name(), strings.ToLower(last[0])})
			list = list[:len(list)-1]
			s.before[node.Name()] = list
		}
		return took, nil
	})
}
