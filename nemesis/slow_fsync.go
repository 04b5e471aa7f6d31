package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/diskfault"

func slowFsyncKind() Kind {
	return Kind{
		Name: "slow-fsync", Healing: "fast-fsync", About: "lets each fsync of a server take longer", Needs: Disks,
		Parameters: []Parameter{{Name: "delay", About: "how much longer", Default: "3s", Type: aDuration()}, placed()},
		near:       []string{"pause", "client-pause"}, can: canHarmDisk, needsLoad: true,
		make: func(e Env, a Args) Fault {
			delay := a.duration("delay")
			return &diskHarm{
				env: e, place: a.place(),
				harm:   func(d *diskfault.Disk) { d.SlowFsync(delay) },
				heal:   func(d *diskfault.Disk) { d.SlowFsync(0) },
				met:    func(s diskfault.Stats) int64 { return s.FsyncsDelayed },
				figure: "delayed_fsyncs",
			}
		},
	}
}
