package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/diskfault"

func fsyncErrorKind() Kind {
	return Kind{
		Name: "fsync-error", Healing: "fsync-works", Needs: Disks,
		About: "lets each fsync of a server fail with EIO: what it should have made durable is lost at the next loss of power, or (keeps) can be synced later",
		Parameters: []Parameter{
			{Name: "data", About: "what becomes of the data", Default: "lost", Type: oneOf("lost", "keeps")}, placed(),
		},
		near: []string{"kill", "client-pause"}, can: canHarmDisk, needsLoad: true,
		make: func(e Env, a Args) Fault {
			failure := diskfault.FsyncLoses
			if a.text("data") == "keeps" {
				failure = diskfault.FsyncRefuses
			}
			return &diskHarm{
				env: e, place: a.place(),
				harm:   func(d *diskfault.Disk) { d.FailFsync(failure) },
				heal:   func(d *diskfault.Disk) { d.FailFsync(diskfault.FsyncWorks) },
				met:    func(s diskfault.Stats) int64 { return s.FsyncsFailed },
				figure: "failed_fsyncs",
			}
		},
	}
}
