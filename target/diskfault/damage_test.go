package diskfault

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

func TestDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	rapid.Check(t, func(t *rapid.T) {
		text := bytes.Repeat([]byte{7}, rapid.IntRange(0, 10_000).Draw(t, "size"))
		tail := rapid.Int64Range(0, 11_000).Draw(t, "tail")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		write := func() {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write()
		size := int64(len(text))
		cut := Damage{path, max(0, size-tail), min(size, tail)}
		if got, err := TruncateTail(path, tail); got != cut || err != nil {
			t.Fatalf("got %+v, %v; want %+v", got, err, cut)
		}
		if left, err := os.ReadFile(path); !bytes.Equal(left, text[:cut.Offset]) {
			t.Fatalf("%d bytes are left, %v", len(left), err)
		}
		write()
		got, err := CorruptMiddle(rng, path)
		if size == 0 {
			if err == nil {
				t.Fatal("corrupted an empty file")
			}
			return
		}
		left, _ := os.ReadFile(path)
		for i, b := range left {
			inside := int64(i) >= got.Offset && int64(i) < got.Offset+got.Bytes
			if (b != 7) != inside {
				t.Fatalf("byte %d is %d, the damage %+v", i, b, got)
			}
		}
		if err != nil || len(left) != len(text) || got.Bytes == 0 || got.Offset < size/3 || size > 2 && got.Offset+got.Bytes > size*2/3 {
			t.Fatalf("got %+v, %v of %d bytes", got, err, size)
		}
	})
}

func TestDamageRefuses(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	if _, err := TruncateTail(missing, 1); err == nil {
		t.Error("truncated a missing file")
	}
	if _, err := TruncateTail(missing, -1); err == nil {
		t.Error("truncated by a negative number")
	}
	if _, err := CorruptMiddle(rand.New(rand.NewPCG(1, 1)), missing); err == nil {
		t.Error("corrupted a missing file")
	}
}
