package diskfault_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
)

// reference is what a power loss leaves, said as simply as can be: a change that
// is not durable yet is a function that makes it so.
type reference struct {
	strict  bool
	root    *thing
	pending []change // of names and lengths, oldest first
	open    []*thing
	appends []bool
	now     int
}

// change is a pending change: on is what must be synced for it in strict mode.
type change struct {
	on, node *thing
	core     bool // fdatasync of node waits for it
	apply    func()
}

// thing is a file or a folder: what the server sees, and what the disk holds.
type thing struct {
	names, kept map[string]*thing // of a folder
	data, disk  []byte            // of a file
	written     []int             // when each byte of data was, or 0 if it is on the disk
	rewrites    bool
}

func newFolder() *thing { return &thing{names: map[string]*thing{}, kept: map[string]*thing{}} }

// at returns what has the name, or nil, and its folder.
func (r *reference) at(name string) (folder *thing, base string, node *thing) {
	folder, node = nil, r.root
	for base = range strings.SplitSeq(path.Clean(name), "/") {
		if base == "." {
			return r.root, base, r.root
		}
		if node == nil {
			return nil, base, nil
		}
		folder = node
		node = folder.names[base]
	}
	return folder, base, node
}

func (r *reference) later(on, node *thing, core bool, apply func()) {
	r.pending = append(r.pending, change{on, node, core, apply})
}

// commit makes those changes durable that belong.
func (r *reference) commit(belongs func(change) bool) {
	r.pending = slices.DeleteFunc(r.pending, func(c change) bool {
		if belongs(c) {
			c.apply()
			return true
		}
		return false
	})
}

// did applies an action that succeeded.
func (r *reference) did(x action) {
	r.now++
	folder, base, node := r.at(x.name)
	switch x.call {
	case "open":
		r.didOpen(x, folder, base, node)
	case "mkdir":
		r.add(folder, base, newFolder())
	case "unlink", "rmdir":
		r.remove(folder, base, node)
	case "rename", "renameat2":
		r.rename(x)
	case "link":
		to, other, _ := r.at(x.other)
		r.add(to, other, node)
	case "truncate":
		r.resize(node, int(x.len))
	case "syncfolder":
		r.sync(node, false)
	default:
		r.didOpenFile(x)
	}
}

func (r *reference) didOpen(x action, folder *thing, base string, node *thing) {
	switch {
	case node == nil:
		node = &thing{}
		r.add(folder, base, node)
	case x.flags&os.O_TRUNC != 0:
		r.resize(node, 0)
	}
	r.open[len(r.open)-1] = node
	r.appends[len(r.open)-1] = x.flags&os.O_APPEND != 0
}

func (r *reference) didOpenFile(x action) {
	at := x.file % len(r.open)
	node := r.open[at]
	switch x.call {
	case "pwrite":
		off := int(x.off)
		if r.appends[at] {
			off = len(node.data)
		}
		node.grow(max(len(node.data), off+len(x.text)))
		copy(node.data[off:], x.text)
		for i := range x.text {
			node.written[off+i] = r.now
		}
	case "ftruncate":
		r.resize(node, int(x.len))
	case "fallocate":
		if size := int(x.off + x.len + 1); size > len(node.data) {
			r.resize(node, size)
		}
	case "fsync":
		r.sync(node, false)
	case "fdatasync":
		r.sync(node, true)
	case "close":
		r.open[at] = nil
		if node.rewrites {
			node.rewrites = false
			r.writeBack(node)
		}
	}
}

func (r *reference) add(folder *thing, base string, node *thing) {
	folder.names[base] = node
	r.later(folder, node, true, func() { folder.kept[base] = node })
}

func (r *reference) remove(folder *thing, base string, node *thing) {
	delete(folder.names, base)
	r.later(folder, node, false, func() { delete(folder.kept, base) })
}

func (r *reference) rename(x action) {
	from, old, node := r.at(x.name)
	to, base, replaced := r.at(x.other)
	if node == replaced {
		return
	}
	delete(from.names, old)
	to.names[base] = node
	if replaced != nil {
		r.writeBack(node)
	}
	r.later(to, node, false, func() { to.kept[base] = node })
	if r.strict || from == to {
		r.later(from, node, false, func() { delete(from.kept, old) })
		return
	}
	r.later(to, node, false, func() { delete(from.kept, old) })
}

func (node *thing) grow(size int) {
	more := max(0, size-len(node.data))
	node.data = append(node.data[:min(size, len(node.data))], make([]byte, more)...)
	node.written = append(node.written[:min(size, len(node.written))], make([]int, more)...)
}

func (r *reference) resize(node *thing, size int) {
	node.rewrites = node.rewrites || size == 0
	if size == len(node.data) {
		return
	}
	node.grow(size)
	r.later(node, node, true, func() {
		node.disk = append(slices.Clone(node.disk[:min(size, len(node.disk))]), make([]byte, max(0, size-len(node.disk)))...)
	})
}

// dirty tells whether something of a file is not on the disk, and whether that
// lies beyond the disk's end.
func (node *thing) dirty() (any, grows bool) {
	for i, when := range node.written {
		any = any || when > 0
		grows = grows || when > 0 && i >= len(node.disk)
	}
	return any, grows
}

// flush returns what puts all that is written by now on the disk.
func (r *reference) flush(node *thing) func() {
	now, data, written := r.now, slices.Clone(node.data), slices.Clone(node.written)
	return func() {
		for i, when := range written {
			if when > 0 {
				node.disk = append(node.disk, make([]byte, max(0, i+1-len(node.disk)))...)
				node.disk[i] = data[i]
			}
		}
		for i, when := range node.written {
			if when <= now {
				node.written[i] = 0
			}
		}
	}
}

// writeBack is ext4's auto_da_alloc.
func (r *reference) writeBack(node *thing) {
	if any, _ := node.dirty(); any && !r.strict {
		r.later(node, node, true, r.flush(node))
	}
}

func (r *reference) sync(node *thing, dataOnly bool) {
	any, grows := node.dirty()
	waits := node.names != nil || grows || any && !dataOnly
	for _, c := range r.pending {
		waits = waits || c.node == node && (c.core || !dataOnly)
	}
	switch {
	case r.strict:
		r.commit(func(c change) bool { return c.on == node })
	case waits:
		r.commit(func(change) bool { return true })
	}
	r.flush(node)()
}

// left returns what a power loss leaves below a folder.
func (node *thing) left(at string, all map[string]string) map[string]string {
	for base, child := range node.kept {
		name := path.Join(at, base)
		if child.kept == nil {
			all[name] = string(child.disk)
			continue
		}
		all[name] = folderText
		child.left(name, all)
	}
	return all
}

// TestPowerLossLeavesWhatTheReferenceSays performs drawn actions on a disk and
// tells the reference those that succeeded.
func TestPowerLossLeavesWhatTheReferenceSays(t *testing.T) {
	calls := []string{
		"open", "open", "open", "pwrite", "pwrite", "pwrite", "mkdir", "unlink", "rmdir", "rename", "rename", "rename", "renameat2",
		"link", "truncate", "ftruncate", "fallocate", "syncfolder", "syncfolder", "fsync", "fsync", "fdatasync", "fdatasync", "close",
	}
	for name, strict := range map[string]bool{"ordered": false, "strict": true} {
		t.Run(name, func(t *testing.T) {
			diskfaulttest.Require(t)
			dir := t.TempDir()
			rapid.Check(t, func(t *rapid.T) {
				actions := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) action { return drawAction(t, calls) }), 1, 50).Draw(t, "actions")
				_, l := drawnLab(t, dir, diskfault.Config{Strict: strict, SkipDiskSync: true})
				defer l.Unmount()
				r := &reference{strict: strict, root: newFolder()}
				a := &actor{root: l.Point()}
				defer a.close()
				for _, x := range actions {
					if x.name == "." || x.flags&os.O_SYNC != 0 || strict && movesFolder(a, x) {
						continue
					}
					got := a.do(x)
					if x.call == "open" {
						r.open, r.appends = append(r.open, nil), append(r.appends, false)
					}
					if got == "<nil>" || strings.HasPrefix(got, "<nil> ") {
						r.did(x)
					}
				}
				if _, err := l.PowerLoss(rand.New(rand.NewPCG(1, 1)), diskfault.Nothing); err != nil {
					t.Fatalf("%v", err)
				}
				want := r.root.left("", map[string]string{})
				for _, folder := range []string{l.Point(), l.backing} {
					if got := mustTree(t, folder); !maps.Equal(got, want) {
						t.Fatalf("%s holds %.400q, want %.400q", folder, got, want)
					}
				}
			})
		})
	}
}

// movesFolder tells whether an action moves a folder into another one, of which
// strict mode makes one change (see the package's documentation).
func movesFolder(a *actor, x action) bool {
	var s unix.Stat_t
	return strings.HasPrefix(x.call, "rename") && path.Dir(x.name) != path.Dir(x.other) &&
		unix.Lstat(a.path(x.name), &s) == nil && s.Mode&unix.S_IFMT == unix.S_IFDIR
}
