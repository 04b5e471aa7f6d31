package target

import "context"

// Role is what a node does in its topology.
type Role string

// Roles. Whoever is neither of the others is a primary: it takes writes.
const (
	Primary  Role = "primary"
	Replica  Role = "replica"
	Sentinel Role = "sentinel"
)

// Roler is a target whose nodes have different roles. One that does not implement
// it is made of primaries.
type Roler interface {
	// Roles returns what each node does now, by its name. It asks the servers, and
	// says of one that does not answer what it was last known to be.
	Roles(ctx context.Context) (map[string]Role, error)
}

// RolePlanner is a [Roler] that knows what its nodes will be when it starts.
type RolePlanner interface {
	// PlannedRoles returns the role that each node starts with, by its name. The
	// target need not run.
	PlannedRoles() map[string]Role
}

// Failoverer is a target that can be told to put a replica in its primary's place.
type Failoverer interface {
	// HasReplicas tells whether there is any that could take over.
	HasReplicas() bool
	// Failover makes a replica the primary and waits until it is. It reports false
	// if that did not come about, as where no replica can be had.
	Failover(ctx context.Context, way FailoverWay) (node string, done bool, err error)
}

// FailoverWay is how a replica takes over.
type FailoverWay string

// Ways to fail over. A target has Agreed, at least.
const (
	// Agreed is what the servers agree on: with the primary's help where it is
	// there (SENTINEL FAILOVER, CLUSTER FAILOVER).
	Agreed FailoverWay = "agreed"
	// Forced does not ask the primary (CLUSTER FAILOVER FORCE).
	Forced FailoverWay = "force"
	// Takeover asks nobody at all (CLUSTER FAILOVER TAKEOVER).
	Takeover FailoverWay = "takeover"
)

// Resharder is a target that can change which server has which keys.
type Resharder interface {
	// Spares is how many servers stand by in the beginning.
	Spares() int
	// ScaleOut gives a spare server its share of the keys: of a cluster by moving
	// slots with all in them, of shards by telling the clients. It reports false
	// if there is no spare left.
	ScaleOut(ctx context.Context) (node string, done bool, err error)
}

// SlotMover is a cluster whose slots can be moved while clients work.
type SlotMover interface {
	// HasSlots tells whether it is a cluster at all.
	HasSlots() bool
	// OwnedSlots returns the slots that a node serves by its own word, in their order;
	// nil: it is a replica, or stands by.
	OwnedSlots(ctx context.Context, node string) ([]int, error)
	// MoveSlots moves so many slots from one primary to another, with all keys in
	// them, and waits until all servers know.
	MoveSlots(ctx context.Context, from, to string, slots int) (moved int, err error)
}

// Renamer is a target whose servers' host names can change.
type Renamer interface {
	// LooksAtHosts tells whether any client does.
	LooksAtHosts() bool
	// Rename gives a server another host name. Its data stay, and its address.
	Rename(ctx context.Context, node string) (done bool, err error)
}
