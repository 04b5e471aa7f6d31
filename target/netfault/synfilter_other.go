//go:build !linux

package netfault

import (
	"net"
	"net/netip"
)

// synFilter does nothing here: the proxy itself holds up who is cut off.
type synFilter struct{}

const maxDropped = 0

func (*synFilter) drop(*net.TCPListener, []netip.Addr, []*Harm) {}
func (*synFilter) count(*net.TCPListener)                       {}
