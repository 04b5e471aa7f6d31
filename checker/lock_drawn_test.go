package checker

import "testing"

func TestExclusionOfDrawnHistories(t *testing.T) {
	for _, test := range []drawn{
		{"one after another", "exclusion", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|
1                            |-acquire "b" → {"held_by":"a"}-|
1                                                               |-acquire "b" → "b"-|
1                                                                                      |-release "b" → "b"-|`},
		{"granted while held", "exclusion", Invalid, "two-holders",
			`process 1 (token "b") was granted the lock while process 0 (token "a") still believed to hold it: both did for 3ns`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|
0                                                |-release "a" → "a"-|
1                                                                        |-release "b" → "b"-|`},
		{"a release that has begun ends the belief", "exclusion", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-----------------------|
1                           |-acquire "b" → "b"-|
1                                                |-release "b" → "b"-|`},
		{"so does one of unknown outcome", "exclusion", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
0                         |-release "a"-?
1                            |-acquire "b" → "b"-|
1                                                |-release "b" → "b"-|`},
		{"and one that found the lock gone", "exclusion", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → false-|
1                            |-acquire "b" → "b"-|
1                                                |-release "b" → "b"-|`},
		{"but no sooner", "exclusion", Invalid, "two-holders",
			`process 1 (token "b") was granted the lock while process 0 (token "a") still believed to hold it: both did for 3ns`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|
0                                                |-release "a" → false-|
1                                                                         |-release "b" → "b"-|`},
		{"an acquire of unknown outcome is no holder", "exclusion", Valid, "", "", nil, `
0  |-acquire "a"-?
1                         |-acquire "b" → "b"-|
1                                                |-release "b" → "b"-|
2                                                                        |-release "a" → false-|`},
		{"a token's release by another process", "exclusion", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
5                         |-release "a" → "a"-|
1                                                |-acquire "b" → "b"-|
0                                                                        |-acquire "c" → {"held_by":"b"}-|`},
		{"the same token again", "exclusion", Invalid, "two-holders",
			"process 1 (token true) was granted the lock while process 0 (token true) still believed to hold it: both did for 3ns", []int{4, 6}, `
0  |-acquire → true-|
0                      |-release true → true-|
0                                               |-acquire → true-|
1                                                                   |-acquire → true-|
0                                                                                       |-release true → true-|
1                                                                                                                |-release true → true-|`},
		{"locks do not mix", "exclusion", Valid, "", "", nil, `
0 x  |-acquire "a" → "a"-|
1 y                         |-acquire "a" → "a"-|
0 x                                                |-release "a" → "a"-|
1 y                                                                       |-release "a" → "a"-|`},
		{"a holder releases its own at once, not another's of the same token", "exclusion", Invalid, "two-holders",
			`process 2 (token "b") was granted the lock while process 0 (token "c") still believed to hold it: both did for 3ns`, []int{0, 6}, `
0  |-acquire "c" → "c"-|
1                         |-acquire "c" → "c"-|
1                                             |-release "c" → "c"-|
2                                                                    |-acquire "b" → "b"-|
2                                                                                           |-release "b" → "b"-|
0                                                                                                                  |-release "c" → "c"-|`},
		{"who writes believes to hold it until the write is refused", "exclusion", Invalid, "two-holders",
			"process 1 (token 2) was granted the lock while process 0 (token 1) still believed to hold it: both did for 3ns", []int{0, 3}, `
0  |-acquire 1 → 1-|
0                     |-write 1-------------------------------x
1                         |-acquire 2 → 2-|
1                                            |-release 2 → 2-|`},
		{"true names no acquisition", "exclusion", Invalid, "two-holders",
			"process 2 (token true) was granted the lock while process 0 (token true) still believed to hold it: both did for 3ns", []int{0, 4}, `
0  |-acquire → true-|
1                      |-release true → false-|
2                                                |-acquire → true-|
0                                                                    |-release true → true-|
2                                                                                             |-release true → true-|`},
		{"a token used again does not make an old belief longer", "exclusion", Valid, "", "", nil, `
0  |-acquire "c" → "c"-|
0                         |-write 1-?
1                                      |-acquire "d" → "d"-|
1                                                             |-release "d" → "d"-|
5                                                                                    |-acquire "c" → "c"-|
5                                                                                                            |-release "c" → "c"-|`},
		{"nor does its release by a third", "exclusion", Valid, "", "", nil, `
0  |-acquire "c" → "c"-|
1                         |-acquire "d" → "d"-|
1                                                |-release "d" → "d"-|
2                                                                       |-acquire "c" → "c"-|
3                                                                                              |-release "c" → "c"-|`},
		{"who asks again does not believe to hold it", "exclusion", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
1                         |-release "a" → "a"-|
0                                                |-acquire "b" → "b"-|
0                                                                       |-acquire "c" → "c"-|
0                                                                                              |-release "c" → "c"-|`},
		{"nor does one whose write is refused", "exclusion", Valid, "", "", nil, `
0 x  |-acquire → 1-|
1 x                    |-acquire → 2-----------|
0 x                    |-write 1-x
0 y                               |-acquire → 1-|
0 x                                                |-acquire → 3-----------------------|
1 x                                                 |-release 2 → 2-|`},
		{"two processes of one token, both at once", "exclusion", Invalid, "two-holders",
			`process 1 (token "c") was granted the lock while process 0 (token "c") still believed to hold it: both did for 3ns`, []int{0, 2}, `
0  |-acquire "c" → "c"-|
1                         |-acquire "c" → "c"-|
1                                                |-release "c" → "c"-|
0                                                                       |-release "c" → "c"-|`},
		{"a failed release ends the belief too", "exclusion", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
0                         |-release "a"-x
1                                          |-acquire "b" → "b"-|
0                                                                 |-acquire "c" → {"held_by":"b"}-|`},
		{"the work of a holder who never released", "exclusion", Invalid, "two-holders",
			`process 1 (token "b") was granted the lock while process 0 (token "a") still believed to hold it: both did for 3ns`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|
0                                                |-write 1-?
1                                                |-release "b" → "b"-|`},
		{"a holder of whom nothing more is heard", "exclusion", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|
1                                                |-release "b" → "b"-|`},
		{"two overlaps of one long hold", "exclusion", Invalid, "two-holders",
			`process 1 (token "b") was granted the lock while process 0 (token "a") still believed to hold it: both did for 2ns`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|
1                                               |-release "b" → "b"-|
2                                                                      |-acquire "c" → "c"-|
2                                                                                             |-release "c" → "c"-|
0                                                                                                                   |-release "a" → "a"-|`},
		{"no holder is known", "exclusion", Unknown, "", "", nil, `
0  |-acquire "a"-?
1                         |-acquire "b" → {"held_by":"a"}-|`},
	} {
		t.Run(test.name, test.run)
	}
}

func TestFencingOfDrawnHistories(t *testing.T) {
	for _, test := range []drawn{
		{"tokens grow", "fencing", Valid, "", "", nil, `
0  |-acquire → 1-|
0                   |-write 1 → 1-|
0                                    |-release 1 → 1-|
1                                                       |-acquire → 2-|
1                                                                        |-write 2 → 2-|`},
		{"of two at once either may come first", "fencing", Valid, "", "", nil, `
0  |-acquire → 2-|
1    |-acquire → 1-|
0                      |-write 2 → 2-|
1                        |-write 1 → 1-|`},
		{"a token twice", "fencing", Invalid, "token-repeated",
			"the fencing token 4 was granted twice", []int{0, 4}, `
0  |-acquire → 4-|
0                   |-release 4 → 4-|
1                                       |-acquire → 4-|`},
		{"a token went back", "fencing", Invalid, "token-went-back",
			"the fencing token 3 was granted after 5 had been", []int{0, 4}, `
0  |-acquire → 5-|
0                   |-release 5 → 5-|
1                                       |-acquire → 3-|`},
		{"an old holder writes after a new one", "fencing", Invalid, "stale-write",
			"the resource accepted a write with the token 1 after one with 2", []int{4, 6}, `
0  |-acquire → 1-|
1                   |-acquire → 2-|
1                                    |-write 2 → 2-|
0                                                     |-write 1 → 1-|`},
		{"the resource refuses the old holder", "fencing", Valid, "", "", nil, `
0  |-acquire → 1-|
1                   |-acquire → 2-|
1                                    |-write 2 → 2-|
0                                                     |-write 1-x`},
		{"a holder writes twice", "fencing", Valid, "", "", nil, `
0  |-acquire → 1-|
0                   |-write 1 → 1-|
0                                    |-write 1 → 1-|`},
		{"a write of unknown outcome proves nothing", "fencing", Valid, "", "", nil, `
0  |-acquire → 1-|
1                   |-acquire → 2-|
1                                    |-write 2-?
0                                                     |-write 1 → 1-|`},
		{"an acquire of unknown outcome has no token", "fencing", Valid, "", "", nil, `
0  |-acquire → 5-|
1                   |-acquire-?
2                                 |-acquire → 6-|`},
		{"a stale write of which no grant is known", "fencing", Invalid, "stale-write",
			"the resource accepted a write with the token 1 after one with 2", []int{1, 3}, `
0  |-acquire-?
1                   |-write 2 → 2-|
2                                    |-write 1 → 1-|`},
		{"resources do not mix", "fencing", Valid, "", "", nil, `
0 x  |-acquire → 2-|
1 y                    |-acquire → 1-|
0 x                                     |-write 2 → 2-|
1 y                                                      |-write 1 → 1-|`},
		{"never granted", "fencing", Unknown, "", "", nil, `
0  |-acquire-?
1                   |-acquire → false-|`},
	} {
		t.Run(test.name, test.run)
	}
}
