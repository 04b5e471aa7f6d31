package nemesis

import (
	"context"
	"errors"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func moveSlotsKind() Kind {
	return Kind{
		Name: "move-slots", About: "moves slots of a cluster, with all keys in them, from one primary to another",
		Parameters: []Parameter{{Name: "slots", About: "how many", Default: "1000", Type: aCount()}},
		near:       []string{"restart", "client-pause"}, whole: canMoveSlots,
		make: func(e Env, a Args) Fault { return moveSlots{e, int(a.count("slots"))} },
	}
}

func canMoveSlots(t target.Target) error {
	if m, ok := t.(target.SlotMover); !ok || !m.HasSlots() {
		return errors.New("there are no slots to move: it takes --topology cluster")
	}
	return nil
}

// moveSlots needs no healing: slots are as good in one place as in another.
type moveSlots struct {
	env   Env
	slots int
}

func (m moveSlots) Inject(ctx context.Context) (Effect, error) {
	roles, err := m.env.roles(ctx)
	if err != nil {
		return Effect{}, err
	}
	var primaries []string
	for _, node := range m.env.Target.Nodes() {
		if roles[node.Name()] == target.Primary {
			primaries = append(primaries, node.Name())
		}
	}
	if len(primaries) < 2 {
		return Effect{}, errors.New("there are no two primaries to move slots between")
	}
	m.env.Rand.Shuffle(len(primaries), func(i, j int) { primaries[i], primaries[j] = primaries[j], primaries[i] })
	from, to := primaries[0], primaries[1]
	moved, err := m.env.Target.(target.SlotMover).MoveSlots(ctx, from, to, m.slots)
	return Effect{Where: slices.Clone(primaries[:2]), Took: moved > 0, Figures: map[string]int64{"moved_slots": int64(moved)}}, err
}

func (moveSlots) Heal(context.Context) (Effect, error) { return Effect{}, nil }
