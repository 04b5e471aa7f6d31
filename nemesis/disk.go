package nemesis

import (
	"context"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

// Disks: the disks under the data of its servers can be harmed.
const Disks Need = "disks"

// diskOwner is a node with a disk of ours under its data.
type diskOwner interface {
	// Disk is nil before the first start.
	Disk() *diskfault.Disk
	// NoDisk returns why the disk cannot be harmed, or nil.
	NoDisk() error
}

func canHarmDisk(node target.Node) error {
	if d, ok := node.(diskOwner); ok && d.NoDisk() == nil {
		return nil
	}
	return lacks(node, "given a disk that fails")
}

// diskHarm is a fault of disks that lasts until it is healed. It takes effect if
// the server meets it within a moment: a disk that nobody uses fails nobody.
type diskHarm struct {
	env   Env
	place Place
	harm  func(*diskfault.Disk)
	heal  func(*diskfault.Disk)
	// met counts how often the server has met the fault; figure is what that number
	// is called.
	met    func(diskfault.Stats) int64
	figure string

	harmed touched
	before map[string]int64 // that number, by node
}

// diskWait is how long a server may take to meet a fault of its disk: under
// appendfsync everysec it syncs once a second, unless the machine is busy.
const diskWait = 2500 * time.Millisecond

func (d *diskHarm) Inject(ctx context.Context) (Effect, error) {
	d.before = map[string]int64{}
	return d.env.at(ctx, d.place, func(node target.Node) (bool, error) {
		_, err := d.harmed.touch(node, func() (bool, error) {
			disk := node.(diskOwner).Disk()
			d.before[node.Name()] = d.met(disk.Stats())
			d.harm(disk)
			return true, nil
		})
		d.await(ctx, node)
		return d.count(node) > 0, err
	})
}

// await waits until the server has met the fault, for a moment.
func (d *diskHarm) await(ctx context.Context, node target.Node) {
	for until := d.env.Clock.Now() + diskWait; d.count(node) == 0 && d.env.Clock.Now() < until; {
		d.env.Clock.Sleep(ctx, 20*time.Millisecond)
	}
}

// count is how often the server has met the fault since the injection.
func (d *diskHarm) count(node target.Node) int64 {
	return d.met(node.(diskOwner).Disk().Stats()) - d.before[node.Name()]
}

func (d *diskHarm) Heal(context.Context) (Effect, error) {
	var met int64
	effect, err := d.harmed.heal(func(node target.Node) (bool, error) {
		d.heal(node.(diskOwner).Disk())
		met += d.count(node)
		return true, nil
	})
	if effect.Took {
		effect.Figures = map[string]int64{d.figure: met}
	}
	return effect, err
}
