package diskfault

// Stats is what a disk has done since it was mounted: the evidence whether a
// fault took effect.
type Stats struct {
	BytesWritten int64 // by write
	BytesSynced  int64 // made durable, however
	ForcedBytes  int64 // of these, because Config.MaxDirtyBytes was reached
	AgedBytes    int64 // of these, because of their age
	DirtyBytes   int64 // not durable at present
	Fsyncs       int64 // calls of fsync and fdatasync, on files and folders

	FsyncsDelayed    int64 // by SlowFsync
	FsyncsFailed     int64 // by FailFsync
	BytesLost        int64 // that a failed fsync left clean and not durable
	SpaceRefusals    int64 // ENOSPC
	ReadOnlyRefusals int64 // EROFS

	Losses int  // of power
	Last   Loss // the last one, if there was any
}

// Loss is what a power loss took.
type Loss struct {
	// Files are those that lost or kept something un-synced, sorted by Path.
	Files []FileLoss
	// Changes is how many changes of names, lengths and attributes were undone.
	Changes int
}

// FileLoss is what a power loss took of one file.
type FileLoss struct {
	// Path is the file's place below the mount point, as the server saw it. It is
	// empty if the file had no name any more.
	Path string
	// DroppedBytes had been written and are gone; bytes that were written over
	// before they became durable count too.
	DroppedBytes int64
	// KeptBytes were not synced and survived.
	KeptBytes int64
}

// DroppedBytes is the sum over all files.
func (l Loss) DroppedBytes() int64 {
	var sum int64
	for _, f := range l.Files {
		sum += f.DroppedBytes
	}
	return sum
}
