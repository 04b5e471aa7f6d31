package external

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Ours is what the keys of all runs begin with: "jepsen-lite:".
const Ours = "jepsen-lite:"

// prefixTime is how a prefix tells when its run began.
const prefixTime = "20060102T150405Z"

// newPrefix returns a prefix that no other run has: by its time, its seed, and 64
// bits of chance. Those do not follow from the seed: two runs of one seed must
// never meet. The brackets that follow it keep the slots of a cluster the same all
// the same.
func newPrefix(seed uint64) string {
	var chance [8]byte
	_, _ = rand.Read(chance[:]) // it never fails
	return fmt.Sprintf("%s%s:%d-%x:", Ours, time.Now().UTC().Format(prefixTime), seed, chance)
}

// began returns when the run began that a key is of, and false for a key that no
// run has made.
func began(key string) (time.Time, bool) {
	parts := strings.SplitN(key, ":", 4)
	if len(parts) < 4 || parts[0]+":" != Ours {
		return time.Time{}, false
	}
	seed, chance, _ := strings.Cut(parts[2], "-")
	_, wrongSeed := strconv.ParseUint(seed, 10, 64)
	_, wrongChance := strconv.ParseUint(chance, 16, 64)
	at, wrongTime := time.Parse(prefixTime, parts[1])
	return at, wrongSeed == nil && wrongChance == nil && wrongTime == nil && len(chance) == 16
}
