package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/diskfault"

func readOnlyKind() Kind {
	return Kind{
		Name: "read-only", Healing: "writable", About: "makes the disk of a server's data read-only, as Linux does after an error of a disk", Needs: Disks,
		Parameters: []Parameter{placed()}, near: []string{"disk-full", "client-pause"}, can: canHarmDisk, needsLoad: true,
		make: func(e Env, a Args) Fault {
			return &diskHarm{
				env: e, place: a.place(),
				harm:   func(d *diskfault.Disk) { d.SetReadOnly(true) },
				heal:   func(d *diskfault.Disk) { d.SetReadOnly(false) },
				met:    func(s diskfault.Stats) int64 { return s.ReadOnlyRefusals },
				figure: "refusals",
			}
		},
	}
}
