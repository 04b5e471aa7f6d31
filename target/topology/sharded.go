package topology

import (
	"context"
	"maps"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// sharded is servers that know nothing of each other; clients spread their keys
// over them.
type sharded struct{ *Target }

func (sharded) lines(*member) []string { return nil }

func (s sharded) unite(context.Context) error {
	s.shards.change(func(addrs, hosts map[string]string) {
		for _, m := range s.members[:s.config.Shards] {
			addrs[m.spec.Name], hosts[m.spec.Name] = m.front.Addr(), m.spec.Name+".here"
		}
	})
	return nil
}

func (sharded) settled(context.Context) error { return nil }

func (s sharded) roles(context.Context) (map[string]target.Role, error) {
	roles := map[string]target.Role{}
	for _, m := range s.members {
		roles[m.spec.Name] = target.Primary
	}
	return roles, nil
}

func (s sharded) access() target.Access {
	return target.Access{Client: target.Ring, Shards: s.shards.now, Hash: Hasher(s.config.Hash, s.shards.host)}
}

// shards are those that clients know at present.
type shards struct {
	mu      sync.Mutex
	addrs   map[string]string // by name
	hosts   map[string]string // likewise
	version int
}

// now implements the Shards of [target.Access].
func (s *shards) now() (addrs map[string]string, version int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.addrs), s.version
}

// host returns what a shard's host and port are called at present.
func (s *shards) host(shard string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hosts[shard]
}

// change tells clients of other shards, or of other names of theirs.
func (s *shards) change(do func(addrs, hosts map[string]string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.addrs == nil {
		s.addrs, s.hosts = map[string]string{}, map[string]string{}
	}
	do(s.addrs, s.hosts)
	s.version++
}
