// Package scratch makes temporary folders that tell whose they are, so that those
// of processes that were killed can be found and removed.
//
// Start from [Make].
//
//	dir, err := scratch.Make("/dev/shm", "")
//	defer os.RemoveAll(dir)
//
// [Clean] removes those whose process has ended, and no other.
package scratch
