package diskfault

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
)

// powerLoss drops what is not durable, except what survives, and begins a new
// life with what the backing folder holds.
func (v *volume) powerLoss(rng *rand.Rand, s Survival) (Loss, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return Loss{}, errUnmounted
	}
	loss, err := v.settleLoss(rng, s)
	v.life++
	v.discard()
	if loadErr := v.load(); loadErr != nil {
		v.closed = true // nothing is left to show
		err = errors.Join(err, loadErr)
	}
	v.stats.Losses++
	v.stats.Last = loss
	v.signal()
	if err != nil {
		return loss, fmt.Errorf("lose power: %w", err)
	}
	return loss, nil
}

// settleLoss lets each file keep what survives of it, in the order of their
// numbers, so that one seed has one outcome.
func (v *volume) settleLoss(rng *rand.Rand, s Survival) (Loss, error) {
	paths := v.paths()
	loss := Loss{Changes: len(v.journal)}
	for _, id := range slices.Sorted(maps.Keys(v.nodes)) {
		n := v.nodes[id]
		loss.Changes += len(n.waiting)
		file := FileLoss{Path: paths[n]}
		for _, e := range n.content.edits {
			file.DroppedBytes += int64(len(e.data))
		}
		if len(n.homes) > 0 && n.core == 0 && !n.folder {
			kept, err := n.content.survive(rng, s)
			if err != nil {
				return loss, err
			}
			file.KeptBytes = kept
			file.DroppedBytes = max(0, file.DroppedBytes-kept)
		}
		if file.DroppedBytes > 0 || file.KeptBytes > 0 {
			loss.Files = append(loss.Files, file)
		}
	}
	slices.SortFunc(loss.Files, func(a, b FileLoss) int { return cmp.Compare(a.Path, b.Path) })
	return loss, nil
}

// paths returns a name that the server sees of each inode that has one.
func (v *volume) paths() map[*inode]string {
	all := map[*inode]string{}
	var walk func(folder *inode, at string)
	walk = func(folder *inode, at string) {
		for _, base := range folder.names() {
			child := folder.children[base]
			all[child] = path.Join(at, base)
			if child.folder {
				walk(child, all[child])
			}
		}
	}
	walk(v.root, "")
	return all
}
