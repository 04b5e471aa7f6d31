package diskfault

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// sectorBytes is what a disk writes whole or not at all.
const sectorBytes = 512

// Survival is what a power loss leaves of data that were not synced.
type Survival int

const (
	// Nothing of them survives.
	Nothing Survival = iota
	// TornAtSector lets the un-synced writes of a file survive in order up to a
	// random one, and of that one a random number of whole 512-byte sectors.
	TornAtSector
	// TornAtByte is TornAtSector down to a byte.
	TornAtByte
	// SomePages lets each un-synced page of 4096 bytes survive by the toss of a
	// coin: writes reach a disk in any order. What did not survive before the
	// last one that did reads as it was, or as zeros.
	SomePages
)

// String returns the name in words.
func (s Survival) String() string {
	names := []string{"nothing", "torn at sector", "torn at byte", "some pages"}
	if s < 0 || int(s) >= len(names) {
		return fmt.Sprintf("Survival(%d)", int(s))
	}
	return names[s]
}

// survive makes durable what the power loss leaves of the edits. The content must
// have a backing file that no truncation waits for. It returns how many bytes
// that were.
func (c *content) survive(rng *rand.Rand, s Survival) (kept int64, err error) {
	if c.dirty == 0 {
		return 0, nil
	}
	switch s {
	case TornAtSector:
		return c.tear(rng.Int64N(c.dirty+1), sectorBytes)
	case TornAtByte:
		return c.tear(rng.Int64N(c.dirty+1), 1)
	case SomePages:
		return c.scatter(rng)
	default:
		return 0, nil
	}
}

// tear keeps that many bytes of the edits in order; the last one that it keeps
// ends at a multiple of the grain, unless it is whole.
func (c *content) tear(keep, grain int64) (kept int64, err error) {
	for _, e := range c.edits {
		if e.lost {
			continue
		}
		if n := int64(len(e.data)); n > keep {
			keep = max(0, (e.off+keep)/grain*grain-e.off)
			e.data = e.data[:keep]
		}
		if _, err := c.base.WriteAt(e.data, e.off); err != nil {
			return kept, err
		}
		kept += int64(len(e.data))
		if keep -= int64(len(e.data)); keep <= 0 {
			break
		}
	}
	return kept, nil
}

// scatter keeps a random half of the pages that have edits.
func (c *content) scatter(rng *rand.Rand) (kept int64, err error) {
	for _, page := range c.dirtyPages() {
		if rng.IntN(2) == 0 {
			continue
		}
		var data [pageBytes]byte
		n, err := c.read(data[:], page*pageBytes)
		if err == nil {
			_, err = c.base.WriteAt(data[:n], page*pageBytes)
		}
		if err != nil {
			return kept, err
		}
		kept += int64(n)
	}
	return kept, nil
}

// dirtyPages returns the numbers of the pages that have edits, in order.
func (c *content) dirtyPages() []int64 {
	var pages []int64
	for _, e := range c.edits {
		for page := e.off / pageBytes; !e.lost && page*pageBytes < e.end(); page++ {
			pages = append(pages, page)
		}
	}
	slices.Sort(pages)
	return slices.Compact(pages)
}
