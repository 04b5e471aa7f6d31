package netfault

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
)

// Fabric is a network between endpoints. Its methods are safe for concurrent use.
type Fabric struct {
	crew   crew
	ctx    context.Context // ends when the fabric is closed
	cancel context.CancelFunc
	seed   uint64
	looks  standIns

	mu       sync.Mutex
	changed  chan struct{} // closed when rules change
	names    map[string]string
	links    map[Link]*link
	harms    []*Harm
	circuits map[circuit]struct{}
	proxies  map[string]*Proxy // by the address they listen on
	closed   bool
}

// New returns a fabric without endpoints or rules. The caller must Close it. What
// is left to chance (jitter) follows from a seed, for each connection apart: the
// third connection delays its tenth chunk alike in every run.
func New(seed uint64) *Fabric {
	ctx, cancel := context.WithCancel(context.Background())
	return &Fabric{
		ctx:      ctx,
		cancel:   cancel,
		seed:     seed,
		changed:  make(chan struct{}),
		names:    map[string]string{},
		links:    map[Link]*link{},
		circuits: map[circuit]struct{}{},
		proxies:  map[string]*Proxy{},
	}
}

// Name tells which endpoint connections come from that have that source address,
// an IP address or an IP address with a port. The latter goes before the former.
// It holds for connections that there are, too. Without a name, an endpoint is
// called by its IP address.
func (f *Fabric) Name(source, endpoint string) error {
	key := ""
	if ip, err := netip.ParseAddr(source); err == nil {
		key = ip.Unmap().String()
	} else if both, err := netip.ParseAddrPort(source); err == nil {
		key = netip.AddrPortFrom(both.Addr().Unmap(), both.Port()).String()
	} else {
		return fmt.Errorf("name %s: %q is neither an IP address nor one with a port", endpoint, source)
	}
	f.change(func() {
		f.names[key] = endpoint
		for c := range f.circuits {
			if e := c.about(); e.source.IsValid() {
				e.from = f.nameOf(e.source)
			}
		}
	})
	return nil
}

// nameOf returns the endpoint of a source address.
func (f *Fabric) nameOf(source netip.AddrPort) string {
	for _, key := range []string{source.String(), source.Addr().String()} {
		if name, ok := f.names[key]; ok {
			return name
		}
	}
	return source.Addr().String()
}

// Apply lays a rule on links: on all connections that there are and on all to
// come. When it returns, nothing passes but by the rule.
func (f *Fabric) Apply(links Links, rule Rule) (*Harm, error) {
	if err := rule.check(); err != nil {
		return nil, fmt.Errorf("apply %w", err)
	}
	h := &Harm{fabric: f, links: links, rule: rule}
	f.change(func() {
		f.harms = append(f.harms, h)
		if rule.HalfOpen {
			f.severAll(h)
		}
	})
	return h, nil
}

// Heal takes away all rules from all links at once and returns how many there
// were.
func (f *Fabric) Heal() int { return f.heal(func(*Harm) bool { return true }) }

func (f *Fabric) heal(which func(*Harm) bool) (healed int) {
	f.countUnanswered()
	f.change(func() {
		before := len(f.harms)
		f.harms = slices.DeleteFunc(slices.Clone(f.harms), which)
		healed = before - len(f.harms)
	})
	return healed
}

// Reset resets the connections that use one of the links, in whichever direction
// they were opened, and returns how many there were.
func (f *Fabric) Reset(links Links) int {
	f.mu.Lock()
	var found []circuit
	for c := range f.circuits {
		if l := c.about().out(); links(l) || links(l.back()) {
			found = append(found, c)
		}
	}
	f.mu.Unlock()
	for _, c := range found {
		f.reset(c)
	}
	return len(found)
}

// Stats tells what has happened on a link.
func (f *Fabric) Stats(l Link) Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.link(l).stats()
}

// Close ends all proxies and connections, with a reset, and returns when all
// goroutines have ended. Closing again does nothing.
func (f *Fabric) Close() error {
	f.cancel()
	f.mu.Lock()
	f.closed = true
	var circuits []circuit
	for c := range f.circuits {
		circuits = append(circuits, c)
	}
	for _, p := range f.proxies {
		p.shut()
	}
	clear(f.proxies)
	f.mu.Unlock()
	for _, c := range circuits {
		c.abort()
	}
	f.crew.dismiss()
	f.looks.mu.Lock()
	defer f.looks.mu.Unlock()
	f.looks.close()
	return nil
}
