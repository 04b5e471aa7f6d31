package history

import (
	"io"
	"io/fs"
)

// input counts what was read of a text, and knows how long it is where that can
// be known.
type input struct {
	io.Reader
	read, size int64 // bytes; size 0: not known
}

func newInput(r io.Reader) *input {
	in := &input{Reader: r}
	switch r := r.(type) {
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			in.size = info.Size()
		}
	case interface{ Len() int }:
		in.size = int64(r.Len())
	}
	return in
}

func (in *input) Read(p []byte) (int, error) {
	n, err := in.Reader.Read(p)
	in.read += int64(n)
	return n, err
}

// more guesses how many will come after n of them, rather a little high than a
// little low, but no more than eight times as many: the rest may be different.
func (in *input) more(n int) int {
	if in.size <= in.read || in.read == 0 {
		return n/4 + 1
	}
	rest := float64(in.size-in.read) / float64(in.read)
	return int(float64(n)*min(rest, 8)*1.02) + manyOps/4
}
