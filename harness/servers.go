package harness

import (
	"context"
	"errors"
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/target/external"
)

// Servers is what servers are that run already, and what they permit.
type Servers struct {
	// URL is without passwords. Redis says what they are.
	URL      string          `json:"url"`
	Redis    string          `json:"redis"`
	Topology string          `json:"topology"`
	Nodes    []external.Seen `json:"nodes"`
	// Denied are the commands that a run needs and may not send; empty: none.
	Denied []string `json:"denied"`
	// DeniedError is why that is not known; empty: it is.
	DeniedError string     `json:"denied_error,omitempty"`
	Table       []Prospect `json:"table"`
	// LeftoverKeys is how many keys there are of runs that were cut off long ago, or
	// were: then they are Removed.
	LeftoverKeys int  `json:"leftover_keys"`
	Removed      bool `json:"removed"`
}

// ExamineServers looks at the servers at the config's URL. Nothing is written there;
// keys of runs that were cut off long ago are deleted if remove. A *[UsageError]
// means that the URL does not fit. With another error there are servers, too, if
// only the keys could not be looked for.
func ExamineServers(ctx context.Context, c Config, remove bool) (*Servers, error) {
	address, err := external.Parse(c.Target)
	if err != nil {
		return nil, &UsageError{err}
	}
	t, err := openExternal(ctx, c, address, true) // it does not write
	if err != nil {
		return nil, err
	}
	defer t.Close()
	s := &Servers{
		URL: address.String(), Redis: t.Version(), Topology: address.Topology(), Nodes: t.Look(ctx), Denied: []string{}, Removed: remove,
		Table: tabulate(Prospect{Backend: externalTarget, Topology: address.Topology()}, t, nil),
	}
	if denied, err := t.Denied(ctx); err != nil {
		s.DeniedError = err.Error()
	} else if denied != nil {
		s.Denied = denied
	}
	if s.LeftoverKeys, err = t.Leftovers(ctx, remove); err != nil {
		return s, fmt.Errorf("look for keys of runs that were cut off: %w", err)
	}
	return s, nil
}

// openExternal opens the servers at an address. A *[UsageError] means that they are
// not what was asked for.
func openExternal(ctx context.Context, c Config, address external.Address, mayWrite bool) (*external.Target, error) {
	t, err := external.Open(ctx, external.Config{
		Address: address, Password: c.Password, SentinelPassword: c.SentinelPassword,
		TLS: c.TLS, AllowWrites: mayWrite, Seed: c.Seed,
	})
	if wrong := (*external.AskedError)(nil); errors.As(err, &wrong) {
		return nil, &UsageError{err}
	}
	return t, err
}
