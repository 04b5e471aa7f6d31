package netfault

import (
	"net/netip"
	"slices"
)

// filterAll lets the kernel drop attempts to connect that no rule lets through,
// for every proxy. Call it with mu held. What is not dropped there, since its
// name goes by more than an IP address, is held up by the proxy.
func (f *Fabric) filterAll() {
	named, ports := map[netip.Addr]string{}, map[netip.Addr]bool{}
	for key, name := range f.names {
		if ip, err := netip.ParseAddr(key); err == nil {
			named[ip] = name
		} else if both, err := netip.ParseAddrPort(key); err == nil {
			ports[both.Addr()] = true
		}
	}
	for _, p := range f.proxies {
		var sources []netip.Addr
		var common []*Harm
		for ip, name := range named {
			cutting := f.cutting(Link{name, p.to})
			if len(cutting) == 0 || ports[ip] || !ip.Is4() || len(sources) == maxDropped {
				continue
			}
			if len(sources) == 0 {
				common = cutting
			}
			common = slices.DeleteFunc(common, func(h *Harm) bool { return !slices.Contains(cutting, h) })
			sources = append(sources, ip)
		}
		p.filter.drop(p.listener, sources, common)
	}
}

// cutting returns the rules that cut a link or the link back, each once.
func (f *Fabric) cutting(l Link) []*Harm {
	var all []*Harm
	note := func(h *Harm) {
		if !slices.Contains(all, h) {
			all = append(all, h)
		}
	}
	f.link(l).burden.note(blocking, note)
	f.link(l.back()).burden.note(blocking, note)
	return all
}

// countUnanswered counts the attempts that the kernel has dropped up to now.
func (f *Fabric) countUnanswered() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.proxies {
		p.filter.count(p.listener)
	}
}
