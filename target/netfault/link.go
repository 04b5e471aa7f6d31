package netfault

import (
	"hash/fnv"
	"sync/atomic"
)

// Stats tells what has happened on a link since the fabric was made.
type Stats struct {
	// Bytes were passed on.
	Bytes int64
	// HeldBytes had to wait before that, or were lost.
	HeldBytes int64
	// Connections that From opened to To.
	Connections int64
	// Unanswered and Refused attempts of From to connect to To. Attempts that
	// the kernel dropped are told by [Effect] alone.
	Unanswered, Refused int64
	// Resets are connections from From to To that a rule or [Fabric.Reset] reset.
	Resets int64
}

// link is a direction between two endpoints, with what is counted there.
type link struct {
	name   Link
	bucket bucket
	burden *burden // guarded by the fabric's mutex
	opened uint64  // connections that were to be made, likewise

	bytes, heldBytes, connections, unanswered, refused, resets atomic.Int64
}

func (l *link) stats() Stats {
	return Stats{
		Bytes:       l.bytes.Load(),
		HeldBytes:   l.heldBytes.Load(),
		Connections: l.connections.Load(),
		Unanswered:  l.unanswered.Load(),
		Refused:     l.refused.Load(),
		Resets:      l.resets.Load(),
	}
}

// hash is a number that follows from the link's name.
func (l Link) hash() uint64 {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(l.From + "\x00" + l.To))
	return sum.Sum64()
}
