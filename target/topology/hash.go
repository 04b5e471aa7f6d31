package topology

import (
	"hash/fnv"
	"slices"
	"sort"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// Ways in which clients choose a shard by a key.
const (
	Consistent = "consistent"
	Modulo     = "modulo"
	Host       = "host"
)

// Hashes lists them with what each does.
func Hashes() [][2]string {
	return [][2]string{
		{Consistent, "consistent hashing by the shards' names, with virtual nodes"},
		{Modulo, "the key's hash modulo the number of shards"},
		{Host, "consistent hashing by the shards' host names and ports"},
	}
}

// virtualNodes is how many points of the circle each shard has. With so many, the
// largest of three shards has some 10 % more keys than the mean.
const virtualNodes = 160

// circle is consistent hashing: a key belongs to the shard whose point follows the
// key's (Karger et al., Consistent Hashing and Random Trees, 1997).
type circle struct {
	points []uint32
	shards map[uint32]string
}

// newCircle places shards by what they are called on the circle.
func newCircle(shards []string, label func(shard string) string) *circle {
	c := &circle{shards: map[uint32]string{}}
	for _, shard := range slices.Sorted(slices.Values(shards)) {
		for i := range virtualNodes {
			at := spread(label(shard) + "#" + strconv.Itoa(i))
			if _, taken := c.shards[at]; !taken {
				c.shards[at] = shard
				c.points = append(c.points, at)
			}
		}
	}
	slices.Sort(c.points)
	return c
}

// Get implements redis.ConsistentHash. Without shards it returns "".
func (c *circle) Get(key string) string {
	if len(c.points) == 0 {
		return ""
	}
	at := spread(key)
	i := sort.Search(len(c.points), func(i int) bool { return c.points[i] >= at })
	return c.shards[c.points[i%len(c.points)]]
}

// modulo counts.
type modulo []string

// Get implements redis.ConsistentHash. Without shards it returns "".
func (m modulo) Get(key string) string {
	if len(m) == 0 {
		return ""
	}
	return m[spread(key)%uint32(len(m))]
}

// spread returns a hash of the text: FNV-1a, and then MurmurHash3's finalizer, since
// the former alone leaves texts that differ in their last letter near each other.
func spread(text string) uint32 {
	f := fnv.New64a()
	_, _ = f.Write([]byte(text)) // never fails
	h := f.Sum64()
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return uint32(h >> 32)
}

// Hasher returns how clients choose among shards. label is what a shard's host is
// called at present.
func Hasher(hash string, label func(shard string) string) func([]string) redis.ConsistentHash {
	return func(shards []string) redis.ConsistentHash {
		switch hash {
		case Modulo:
			return modulo(slices.Sorted(slices.Values(shards)))
		case Host:
			return newCircle(shards, label)
		}
		return newCircle(shards, func(shard string) string { return shard })
	}
}
