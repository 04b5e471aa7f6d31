package nemesis

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// loadingKey is beside the keys of the workloads: theirs have no colon.
const loadingKey = "jepsen-lite:loading"

// ballast is much data, a sorted set for each primary. Of a cluster each primary has
// a key of its own, in a slot that it serves; elsewhere all servers have the same key,
// and replicas have it from their primary.
type ballast struct {
	target  target.Target
	members int64
	slotted []slotted // of a cluster
}

// slotted is a key with its slot.
type slotted struct {
	key  string
	slot int
}

// cluster returns the target as a cluster, if it is one.
func (b *ballast) cluster() (target.SlotMover, bool) {
	c, ok := b.target.(target.SlotMover)
	return c, ok && c.HasSlots()
}

// give writes a primary's data. It reports false of a server of a cluster that
// serves no slot and can have none.
func (b *ballast) give(ctx context.Context, node target.Node) (given bool, err error) {
	c, ok := b.cluster()
	if !ok {
		return true, b.write(ctx, node, loadingKey)
	}
	owned, err := c.OwnedSlots(ctx, node.Name())
	if err != nil || len(owned) == 0 {
		return false, err
	}
	key, err := keyIn(ctx, node, owned)
	if err != nil {
		return false, err
	}
	b.slotted = append(b.slotted, key)
	return true, b.write(ctx, node, key.key)
}

// keyIn returns a key in one of the slots. Of those it takes the last half: slots
// that a fault moves are the first ones.
func keyIn(ctx context.Context, node target.Node, slots []int) (found slotted, err error) {
	for number := 0; ; number++ {
		found.key = fmt.Sprintf("%s:%d", loadingKey, number)
		reply, err := command(ctx, node, "CLUSTER", "KEYSLOT", found.key)
		if err != nil {
			return found, err
		}
		slot, _ := reply.(int64)
		if found.slot = int(slot); slices.Contains(slots[len(slots)/2:], found.slot) {
			return found, nil
		}
	}
}

// slice is how many members one script writes, and sliceLimit how long it may
// take: other clients wait meanwhile.
const (
	slice      = 10_000
	sliceLimit = 20 * time.Second
)

// write writes one sorted set.
//
// Why five members a command: while it loads an append-only file, Redis answers its
// clients once in 1024 commands (Redis 7.0, aof.c, loadSingleAppendOnlyFile). With
// few long ones it would seem dead instead of LOADING.
//
// Why a sorted set: loading one takes longer than loading as many keys. Why scripts:
// they write some hundred thousand members a second with one connection waiting for
// them; DEBUG POPULATE would need a server that permits DEBUG.
func (b *ballast) write(ctx context.Context, node target.Node, key string) error {
	const script = `
		local pairs = {}
		for i = ARGV[1], ARGV[2] do
			pairs[#pairs + 1] = i
			pairs[#pairs + 1] = 'member-' .. i
			if #pairs == 10 or i == tonumber(ARGV[2]) then
				redis.call('ZADD', KEYS[1], unpack(pairs))
				pairs = {}
			end
		end
		return 'OK'`
	for from := int64(1); from <= b.members; from += slice {
		to := min(from+slice-1, b.members)
		if _, err := commandWithin(ctx, sliceLimit, node, "EVAL", script, 1, key, from, to); err != nil {
			return fmt.Errorf("preload: %w", err)
		}
	}
	return nil
}

// check returns an error if a server has not loaded what it was given.
func (b *ballast) check(ctx context.Context, node target.Node) error {
	if c, ok := b.cluster(); ok {
		return b.checkSlots(ctx, c, node)
	}
	reply, err := command(ctx, node, "ZCARD", loadingKey)
	if err == nil && reply != b.members {
		err = fmt.Errorf("%s has not loaded what it was given: a sorted set of %v members instead of %d", node.Name(), reply, b.members)
	}
	return err
}

// checkSlots wants a server to have the keys in those slots that it serves. Of a
// replica it wants nothing.
//
// Why it does not count members: for two seconds after its start a primary of a
// cluster refuses every command with a key (Redis 7.0, cluster.c,
// CLUSTER_WRITABLE_DELAY), and by then it may be a replica.
func (b *ballast) checkSlots(ctx context.Context, c target.SlotMover, node target.Node) error {
	owned, err := c.OwnedSlots(ctx, node.Name())
	if err != nil {
		return err
	}
	for _, s := range b.slotted {
		if !slices.Contains(owned, s.slot) {
			continue
		}
		const most = 1000
		reply, err := command(ctx, node, "CLUSTER", "GETKEYSINSLOT", s.slot, most)
		if err != nil {
			return err
		}
		if keys, _ := reply.([]any); !slices.Contains(keys, any(s.key)) {
			return fmt.Errorf("%s has not loaded what it was given: it has no key %s", node.Name(), s.key)
		}
	}
	return nil
}
