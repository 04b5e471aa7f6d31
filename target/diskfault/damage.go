package diskfault

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
)

// Damage is what was done to a file.
type Damage struct {
	Path   string
	Offset int64 // of the first byte concerned
	Bytes  int64 // how many were cut off or spoilt
}

// TruncateTail cuts so many bytes off the end of a file, all of them if it is
// shorter: what a crash leaves of a file that was being appended to. The server
// must be down. A file on a mounted disk is damaged through the mount point, any
// other where it is.
func TruncateTail(path string, tailBytes int64) (Damage, error) {
	if tailBytes < 0 {
		return Damage{}, fmt.Errorf("truncate %s: %d bytes", path, tailBytes)
	}
	damage := Damage{Path: path}
	err := change(path, func(file *os.File, size int64) error {
		damage.Bytes = min(tailBytes, size)
		damage.Offset = size - damage.Bytes
		return file.Truncate(damage.Offset)
	})
	if err != nil {
		return Damage{}, fmt.Errorf("truncate: %w", err)
	}
	return damage, nil
}

// CorruptMiddle spoils every byte of one sector of 512 bytes in the middle third
// of a file, or of as much of one as a short file has there: what a worn disk
// does. An empty file is an error. Otherwise as TruncateTail.
func CorruptMiddle(rng *rand.Rand, path string) (Damage, error) {
	damage := Damage{Path: path}
	err := change(path, func(file *os.File, size int64) error {
		if size == 0 {
			return errors.New(path + " is empty")
		}
		from, to := size/3, max(size/3+1, size*2/3)
		damage.Offset = from + rng.Int64N(to-from)
		if first := (from + sectorBytes - 1) / sectorBytes; (first+1)*sectorBytes <= to {
			last := to/sectorBytes - 1
			damage.Offset = (first + rng.Int64N(last-first+1)) * sectorBytes
		}
		sector := make([]byte, min(sectorBytes, to-damage.Offset))
		damage.Bytes = int64(len(sector))
		if _, err := file.ReadAt(sector, damage.Offset); err != nil {
			return err
		}
		for i := range sector {
			sector[i] ^= byte(1 + rng.IntN(255))
		}
		_, err := file.WriteAt(sector, damage.Offset)
		return err
	})
	if err != nil {
		return Damage{}, fmt.Errorf("corrupt: %w", err)
	}
	return damage, nil
}

// change opens a file, changes it and makes that durable.
func change(path string, how func(file *os.File, size int64) error) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		err = how(file, info.Size())
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}
