package topology

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// keysAtOnce is how many keys one MIGRATE moves.
const keysAtOnce = 100

// migrateTimeoutMillis bounds how long a server waits for another while it moves
// keys.
const migrateTimeoutMillis = 1000

// MoveSlots implements [target.SlotMover]. It takes the first slots that the
// primary has, one after the other, in the way of
// https://redis.io/docs/latest/commands/cluster-setslot/.
func (t *Target) MoveSlots(ctx context.Context, from, to string, n int) (moved int, err error) {
	c, ok := t.shape.(*cluster)
	if !ok {
		return 0, fmt.Errorf("move slots: the topology %s has none", t.config.Kind)
	}
	m, err := c.newMove(ctx, from, to)
	if err != nil {
		return 0, fmt.Errorf("move slots from %s to %s: %w", from, to, err)
	}
	defer m.close()
	for _, slot := range m.owned {
		if moved == n || ctx.Err() != nil {
			break
		}
		if err := m.slot(ctx, slot); err != nil {
			return moved, fmt.Errorf("move slot %d from %s to %s: %w", slot, from, to, err)
		}
		moved++
	}
	return moved, ctx.Err()
}

// OwnedSlots implements [target.SlotMover].
func (t *Target) OwnedSlots(ctx context.Context, node string) ([]int, error) {
	c, ok := t.shape.(*cluster)
	if !ok {
		return nil, fmt.Errorf("ask for slots: the topology %s has none", t.config.Kind)
	}
	for _, m := range c.members {
		if m.spec.Name == node {
			self, err := c.self(ctx, m)
			return self.owned(), err
		}
	}
	return nil, errNoSuchServer
}

var errNoSuchServer = errors.New("there is no such server")

// self is what a member says of itself.
func (c *cluster) self(ctx context.Context, m *member) (known, error) {
	all, err := c.nodes(ctx, m)
	for _, k := range all {
		if k.self {
			return k, err
		}
	}
	return known{}, err
}

// move is slots on their way from one server to another.
type move struct {
	from, to     *redis.Client
	fromID, toID string
	host, port   string // of to, as from reaches it
	others       []*redis.Client
	owned        []int // the slots of from
}

func (c *cluster) newMove(ctx context.Context, from, to string) (*move, error) {
	m := &move{}
	for _, member := range c.members {
		client := redis.NewClient(target.ClientOptions(member.node.Addr(), askLimit))
		switch member.spec.Name {
		case from:
			m.from = client
			self, err := c.self(ctx, member)
			if err != nil {
				return nil, errors.Join(err, client.Close())
			}
			m.fromID, m.owned = self.id, self.owned()
		case to:
			m.to = client
			m.host, m.port = member.announced()
		default:
			m.others = append(m.others, client)
		}
	}
	if m.from == nil || m.to == nil {
		m.close()
		return nil, errNoSuchServer
	}
	var err error
	if m.toID, err = m.to.Do(ctx, "CLUSTER", "MYID").Text(); err != nil {
		m.close()
	}
	return m, err
}

func (m *move) close() {
	for _, client := range append(m.others, m.from, m.to) {
		if client != nil {
			_ = client.Close()
		}
	}
}

// slot moves one. Both ends know that it is on its way before a key goes, and the
// new owner knows that it is before the old one does.
func (m *move) slot(ctx context.Context, slot int) error {
	if err := m.to.Do(ctx, "CLUSTER", "SETSLOT", slot, "IMPORTING", m.fromID).Err(); err != nil {
		return err
	}
	if err := m.from.Do(ctx, "CLUSTER", "SETSLOT", slot, "MIGRATING", m.toID).Err(); err != nil {
		return err
	}
	for {
		keys, err := m.from.ClusterGetKeysInSlot(ctx, slot, keysAtOnce).Result()
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			break
		}
		args := []any{"MIGRATE", m.host, m.port, "", 0, migrateTimeoutMillis, "KEYS"}
		for _, key := range keys {
			args = append(args, key)
		}
		if err := m.from.Do(ctx, args...).Err(); err != nil {
			return err
		}
	}
	for _, client := range []*redis.Client{m.to, m.from} {
		if err := client.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", m.toID).Err(); err != nil {
			return err
		}
	}
	for _, client := range m.others {
		// They would hear of it anyway, later; a replica refuses to be told.
		_ = client.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", m.toID).Err()
	}
	return nil
}

// owned returns the slots that a line of CLUSTER NODES gives its server, without
// those that are on their way ("[93-<-id]").
func (k known) owned() []int {
	var all []int
	for _, text := range k.slots {
		if strings.HasPrefix(text, "[") {
			continue
		}
		first, last, isRange := strings.Cut(text, "-")
		from, err := strconv.Atoi(first)
		to := from
		if err == nil && isRange {
			to, err = strconv.Atoi(last)
		}
		for slot := from; err == nil && slot <= to && slot < slots; slot++ {
			all = append(all, slot)
		}
	}
	return all
}
