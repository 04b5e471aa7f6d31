package model_test

import (
	"fmt"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Locks with an owner, texts, and several registers at once.
func TestDrawnHistoriesOfJepsensModels(t *testing.T) {
	for _, test := range []drawing{
		{"released by its holder", "owner-mutex", true, `
0  |-acquire-|
1               |-acquire-x
0                             |-release-|
1                                          |-acquire-|
1                                                       |-release-|`},
		{"released by another", "owner-mutex", false, `
0  |-acquire-|
1               |-release-|
0                            |-acquire-x
1                                         |-acquire-x
2                                                      |-acquire-x`},
		{"an acquire of unknown outcome was another's", "owner-mutex", true, `
0  |-acquire "a" → "a"-|
1    |-acquire "b"-?
0                         |-release "a" → "a"-|
2                                                |-release "b" → "b"-|
3                                                                       |-acquire "c" → "c"-|`},
		{"the client holds it, whatever the process", "owner-mutex", true, `
0  |-acquire "u1" → {"client":"c"}-|
0                                     |-acquire "u2"-?
5                                                       |-release "u3" → {"client":"c"}-|
1                                                                                          |-acquire "u4" → {"client":"d"}-|`},
		{"released by another client", "owner-mutex", false, `
0  |-acquire "u1" → {"client":"c"}-|
1                                     |-release "u3" → {"client":"d"}-|
2                                                                        |-acquire "u4"-x
3                                                                        |-acquire "u5"-x
4                                                                        |-acquire "u6"-x`},
		{"twice and back", "reentrant-mutex(2)", true, `
0  |-acquire-|
0               |-acquire-|
0                            |-release-|
0                                         |-release-|
1                                                      |-acquire-|`},
		{"still held once", "reentrant-mutex(2)", false, `
0  |-acquire-|
0               |-acquire-|
0                            |-release-|
1                                         |-acquire-|
0                                                      |-release-|`},
		{"held too often", "reentrant-mutex(2)", false, `
0  |-acquire-|
0               |-acquire-|
0                            |-acquire-|
0                                         |-release-|
0                                                      |-release-|`},
		{"as often as the holder likes", "reentrant-mutex", true, `
0  |-acquire-|
0               |-acquire-|
0                            |-acquire-|
0                                         |-release-|
0                                                      |-release-|`},
		{"perhaps held twice", "reentrant-mutex(2)", true, `
0  |-acquire "a" → "a"-|
0                         |-acquire "a"-?
3                                            |-release "a" → "a"-|
3                                                                   |-release "a" → "a"-|
1                                                                                          |-acquire "b" → "b"-|`},
		{"a grant whose number is not known", "fenced-mutex", true, `
0  |-acquire → {"client":"c","fence":5}-|
0                                          |-release → {"client":"c"}-|
1                                                                        |-acquire → {"client":"d"}-|
1                                                                                                      |-release → {"client":"d"}-|
0                                                                                                                                    |-acquire → {"client":"c","fence":6}-|`},
		{"the same number for the holder", "reentrant-fenced-mutex(2)", true, `
0  |-acquire → {"client":"c","fence":5}-|
0                                          |-acquire → {"client":"c","fence":5}-|
0                                                                                  |-release → {"client":"c"}-|
0                                                                                                                |-release → {"client":"c"}-|
1                                                                                                                                              |-acquire → {"client":"d","fence":6}-|`},
		{"another number for the holder", "reentrant-fenced-mutex(2)", false, `
0  |-acquire → {"client":"c","fence":5}-|
0                                          |-acquire → {"client":"c","fence":6}-|
0                                                                                  |-release → {"client":"c"}-|
0                                                                                                                |-release → {"client":"c"}-|
1                                                                                                                                              |-acquire → {"client":"d","fence":7}-|`},
		{"its number was not heard the first time", "reentrant-fenced-mutex", true, `
0  |-acquire-?
3               |-acquire → {"client":"c","fence":5}-|
3                                                       |-release → {"client":"c"}-|
3                                                                                     |-release → {"client":"c"}-|
1                                                                                                                    |-acquire → {"client":"d","fence":6}-|`},

		{"texts grow", "kv", true, `
0  |-append "a"-|
1    |-append "b"---|
2                      |-get → "ba"-|
3                      |-put "c"-|
4                                     |-get → "c"-|`},
		{"an append is missing", "kv", false, `
0  |-append "a"-|
1                  |-append "b"-|
2                                  |-get → "b"-|
3                                                 |-append "c"-|
4                                                                 |-get → "abc"-|`},
		{"an append of unknown outcome", "kv", true, `
0  |-append "a"-|
1    |-append "b"-?
2                   |-get → "a"-|
3                                  |-get → "ab"-|
4                                                  |-get → "ab"-|`},
		{"nothing under the key", "kv", true, `
0  |-get → null-|
1                  |-get → ""-|
2                                |-put "a"-|
3                                             |-get-|
4                                                      |-get → "a"-|`},

		{"both or none", "multi-register", true, `
0  |-txn [["w","x",1],["w","y",1]] → [["w","x",1],["w","y",1]]--------------|
1       |-txn [["r","x",null],["r","y",null]] → [["r","x",1],["r","y",1]]-|
2                                                                              |-txn [["r","x",null]] → [["r","x",1]]-|
3                                                                              |-read [["read","y",null]] → [["read","y",1]]-|
4                                                                              |-write [["write","x",2]] → [["write","x",2]]-|`},
		{"half of it", "multi-register", false, `
0  |-txn [["w","x",1],["w","y",1]] → [["w","x",1],["w","y",1]]-|
1                                                                 |-txn [["w","x",2],["w","y",2]] → [["w","x",2],["w","y",2]]---------------|
2                                                                   |-txn [["r","x",null],["r","y",null]] → [["r","x",2],["r","y",1]]-|
3                                                                                                                                              |-txn [["r","x",null]] → [["r","x",2]]-|
4                                                                                                                                              |-txn [["r","y",null]] → [["r","y",2]]-|`},
		{"a transaction of unknown outcome", "multi-register", true, `
0  |-txn [["w","x",1],["w","y",1]] → [["w","x",1],["w","y",1]]-|
1                                                                 |-txn [["w","x",2],["r","y",null],["w","y",2]]-?
2                                                                                                                   |-txn [["r","x",null]] → [["r","x",1]]-|
3                                                                                                                                                              |-txn [["r","y",null]] → [["r","y",2]]-|
4                                                                                                                                                                                                        |-txn [["r","x",null]] → [["r","x",2]]-|`},
		{"sees its own writes", "multi-register", false, `
0  |-txn [["w","x",1],["r","x",null]] → [["w","x",1],["r","x",2]]-|
1                                                                    |-txn [["w","x",2]] → [["w","x",2]]-|
2                                                                                                           |-txn [["r","x",null]] → [["r","x",2]]-|
3                                                                                                           |-txn [["r","x",null]] → [["r","x",2]]-|
4                                                                                                           |-txn [["r","x",null]] → [["r","x",2]]-|`},
		{"a nil says nothing", `multi-register({"x":7})`, true, `
0  |-txn [["r","x",null]] → [["r","x",7]]-|
1                                            |-txn [["r","x",null]] → [["r","x",null]]-|
2                                                                                         |-txn [["w","x",8]] → [["w","x",8]]-|
3                                                                                                                                |-txn [["r","x",null],["r","y",null]] → [["r","x",8],["r","y",null]]-|
4                                                                                                                                |-txn [["r","x",null]] → [["r","x",8]]-|`},
	} {
		t.Run(test.model+" "+test.name, test.run)
	}
}

// The names of a history's operations fit several models, its values fewer.
func TestFittingLooksAtValues(t *testing.T) {
	for _, test := range []struct{ picture, want string }{
		{"0 |-write 1-|\n1 |-read → 1-|", "[register cas-register]"},
		{"0 |-write [[\"w\",\"x\",1]]-|\n1 |-read [[\"r\",\"x\"]] → [[\"r\",\"x\",1]]-|", "[register cas-register multi-register]"},
		{`0 |-add 1-|`, "[counter set]"},
		{`0 |-add "a"-|`, "[set]"},
	} {
		if got := fmt.Sprint(model.Fitting(sketch.MustParse(test.picture))); got != test.want {
			t.Errorf("%s: got %s, want %s", test.picture, got, test.want)
		}
	}
}
