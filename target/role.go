package target

import "context"

// Role is what a server is to the others.
type Role string

// Roles.
const (
	Primary  Role = "primary"
	Replica  Role = "replica"
	Sentinel Role = "sentinel"
)

// Roler is a target whose servers differ. In one that is none, all are primaries.
type Roler interface {
	// Roles tells which role each node has at present, by name. A node of which
	// that cannot be said is missing.
	Roles(ctx context.Context) (map[string]Role, error)
}
