package checker

import (
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

// A column is a millisecond here.
func TestExpiryOfDrawnHistories(t *testing.T) {
	for _, test := range []drawn{
		{"refused in time, and granted later", "expiry(30ms)", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → {"held_by":"a"}-|
1                                                             |-acquire "c" → "c"-|`},
		{"held for too long", "expiry(30ms)", Invalid, "not-expired",
			`the lock was still held with the token "a" at least 40ms after it was granted, although its time to live is 30ms`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
1                                                              |-acquire "b" → {"held_by":"a"}-|`},
		{"a refusal that has begun in time", "expiry(30ms)", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
1                                               |-acquire "b" → {"held_by":"a"}------------------------------------------|`},
		{"of unknown outcome, granted late", "expiry(30ms)", Valid, "", "", nil, `
0  |-acquire "a"-?
1                                                                                    |-acquire "b" → {"held_by":"a"}-|`},
		{"of unknown outcome, but seen long before", "expiry(30ms)", Invalid, "not-expired",
			`the lock was still held with the token "a" at least 41ms after it was granted, although its time to live is 30ms`, []int{1, 3}, `
0  |-acquire "a"-?
1    |-acquire "b" → {"held_by":"a"}-|
1                                                                             |-acquire "c" → {"held_by":"a"}-|`},
		{"asked for again, of unknown outcome", "expiry(30ms)", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
0                         |-acquire "a"-?
1                                                              |-acquire "b" → {"held_by":"a"}-|`},
		{"granted again", "expiry(30ms)", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
0                               |-acquire "a" → "a"-|
1                                                              |-acquire "b" → {"held_by":"a"}-|`},
		{"granted again, and held for too long", "expiry(20ms)", Invalid, "not-expired",
			`the lock was still held with the token "a" at least 34ms after it was granted, although its time to live is 20ms`, []int{2, 4}, `
0  |-acquire "a" → "a"-|
0                               |-acquire "a" → "a"-|
1                                                                                     |-acquire "b" → {"held_by":"a"}-|`},
		{"asked for again only later", "expiry(20ms)", Invalid, "not-expired",
			`the lock was still held with the token "a" at least 30ms after it was granted, although its time to live is 20ms`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
1                                                    |-acquire "b" → {"held_by":"a"}-|
0                                                                                       |-acquire "a"-?`},
		{"nobody says who holds it", "expiry(20ms)", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
1                                                    |-acquire "b" → false-|`},
		{"another lock", "expiry(20ms)", Valid, "", "", nil, `
0 x  |-acquire "a" → "a"-|
1 y                                                    |-acquire "b" → {"held_by":"a"}-|`},
		{"never granted", "expiry(20ms)", Unknown, "", "", nil, `
0  |-release "a" → false-|`},
	} {
		t.Run(test.name, func(t *testing.T) {
			ops := sketch.MustParse(test.drawing)
			stretch(ops, int64(time.Millisecond))
			test.judged(t, judge(t, test.check, ops))
		})
	}
}
