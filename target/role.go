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
