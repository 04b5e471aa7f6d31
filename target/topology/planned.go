package topology

import "github.com/jepsen-lite/jepsen-lite/target"

// PlannedRoles implements [target.RolePlanner].
func (t *Target) PlannedRoles() map[string]target.Role {
	roles := map[string]target.Role{}
	for _, m := range t.members {
		roles[m.spec.Name] = t.planned(m)
	}
	return roles
}

func (t *Target) planned(m *member) target.Role {
	shards := t.config.Shards
	switch {
	case isSentinel(m):
		return target.Sentinel
	case t.config.Kind == Replicated && m.number > 1:
		return target.Replica
	case t.config.Kind == Cluster && m.number > shards && m.number <= shards*(1+t.config.Replicas):
		return target.Replica
	}
	return target.Primary
}
