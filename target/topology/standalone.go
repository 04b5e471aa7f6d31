package topology

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// standalone is one server by itself.
type standalone struct{ *Target }

func (standalone) lines(*member) []string        { return nil }
func (standalone) unite(context.Context) error   { return nil }
func (standalone) settled(context.Context) error { return nil }

func (s standalone) roles(context.Context) (map[string]target.Role, error) {
	return map[string]target.Role{s.members[0].spec.Name: target.Primary}, nil
}

func (s standalone) access() target.Access {
	return target.Access{Client: target.Single, Addrs: s.fronts(isServer)}
}
