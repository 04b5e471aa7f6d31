package monitor

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	general "github.com/jepsen-lite/jepsen-lite/checker/search"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// bytesSource is a source of chance that the fuzzer chooses. What follows the
// bytes is random, but always the same: zeros for ever would be drawn again and
// again.
type bytesSource struct {
	rest  []byte
	after rand.PCG
}

func (s *bytesSource) Uint64() uint64 {
	var word [8]byte
	n := copy(word[:], s.rest)
	s.rest = s.rest[n:]
	return binary.BigEndian.Uint64(word[:]) ^ s.after.Uint64()
}

// FuzzMonitors holds each monitor against the search, on histories that the
// fuzzer draws: the first byte chooses the model.
func FuzzMonitors(f *testing.F) {
	var models []model.Model
	for _, name := range modeltest.Names() {
		m, err := model.Parse(name)
		if err != nil {
			f.Fatal(err)
		}
		if _, ok := New(m, 0); ok {
			models = append(models, m)
		}
	}
	for i := range models {
		r := rand.New(rand.NewPCG(uint64(i), 7))
		for range 3 {
			seed := []byte{byte(i)}
			for range 100 {
				seed = binary.BigEndian.AppendUint64(seed, r.Uint64())
			}
			f.Add(seed)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		m := models[int(data[0])%len(models)]
		ops, err := m.Prepare(modeltest.Wild(rand.New(&bytesSource{rest: data[1:]}), m.Kind().Name, 14))
		if err != nil {
			t.Fatal(err)
		}
		mon, _ := New(m, len(ops))
		o := judge(mon, ops)
		if o.Answer == Unfit {
			return
		}
		r := general.Check(t.Context(), m, ops, general.Options{})
		if (r.Answer == general.Legal) != (o.Answer == Legal) || r.Answer != general.Legal && r.Answer != general.Illegal {
			t.Fatalf("%s: the search says %v, the monitor %+v of\n%s", m.Name(), r.Answer, o, drawing(ops))
		}
	})
}
