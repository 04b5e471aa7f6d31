package diskfault_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

func ExampleParseManifest() {
	files, err := diskfault.ParseManifest("file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n")
	for _, file := range files {
		fmt.Printf("%c %d %s\n", file.Kind, file.Sequence, file.Name)
	}
	fmt.Println(err)
	_, err = diskfault.ParseManifest("file appendonly.aof.1.incr.aof seq 1")
	fmt.Println(err)
	// Output:
	// b 1 appendonly.aof.1.base.rdb
	// i 1 appendonly.aof.1.incr.aof
	// <nil>
	// line 1 of the manifest: no line end
}

func ExampleTruncateTail() {
	dir, _ := os.MkdirTemp("", "")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "appendonly.aof.1.incr.aof")
	_ = os.WriteFile(path, []byte("*1\r\n$4\r\nPING\r\n"), 0o600)
	damage, err := diskfault.TruncateTail(path, 4)
	fmt.Println(damage.Bytes, "bytes from", damage.Offset, err)
	text, _ := os.ReadFile(path)
	fmt.Printf("%q\n", text)
	// Output:
	// 4 bytes from 10 <nil>
	// "*1\r\n$4\r\nPI"
}

func ExampleDisk_PowerLoss() {
	durable, _ := os.MkdirTemp("", "")
	point, _ := os.MkdirTemp("", "")
	disk, err := diskfault.Mount(diskfault.Config{Backing: durable, Point: point})
	if err != nil {
		fmt.Println(err) // see Available
		return
	}
	defer disk.Unmount()
	// A server uses point, and is killed. Then:
	loss, err := disk.PowerLoss(rand.New(rand.NewPCG(1, 2)), diskfault.TornAtSector)
	fmt.Println(loss.DroppedBytes(), "bytes are gone", err)
}
