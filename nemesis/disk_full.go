package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/diskfault"

func diskFullKind() Kind {
	return Kind{
		Name: "disk-full", Healing: "disk-space", About: "fills the disk of a server's data but for so many bytes", Needs: Disks,
		Parameters: []Parameter{{Name: "free", About: "what is left", Default: "1b", Type: aSize()}, placed()},
		near:       []string{"eviction", "client-pause"}, can: canHarmDisk, needsLoad: true,
		make: func(e Env, a Args) Fault {
			free := a.size("free")
			return &diskHarm{
				env: e, place: a.place(),
				harm:   func(d *diskfault.Disk) { d.LimitSpace(free) },
				heal:   func(d *diskfault.Disk) { d.LiftSpaceLimit() },
				met:    func(s diskfault.Stats) int64 { return s.SpaceRefusals },
				figure: "refusals",
			}
		},
	}
}
