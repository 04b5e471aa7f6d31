package checker

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker/search"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// decided is what must be said of the one key of a history.
type decided struct {
	answer       answer
	by           Engine
	confirmed    bool
	unfit        string
	core         []int
	last         int
	said, counts int // operations that say something, and that took effect
}

func (d decided) check(t *testing.T, k *keyed) {
	t.Helper()
	if k.err != nil || k.panicked != nil || k.conflict != "" {
		t.Fatalf("error %v, panic %v, conflict %q", k.err, k.panicked, k.conflict)
	}
	if k.answer != d.answer || k.by != d.by || k.confirmed != d.confirmed || k.unfit != d.unfit {
		t.Errorf("got answer %v by %q, confirmed %v, unfit %q; want %+v", k.answer, k.by, k.confirmed, k.unfit, d)
	}
	if slices.Sort(k.core); !slices.Equal(k.core, d.core) || k.last != d.last || k.said != d.said || k.certain != d.counts {
		t.Errorf("got core %v, last %d, %d said, %d certain; want %+v", k.core, k.last, k.said, k.certain, d)
	}
}

// Every engine decides by itself where it is asked to, and nothing else does.
func TestEnginesThatAreAskedDecide(t *testing.T) {
	const (
		legalOnce = `
0  |-write 1-|
1              |-read → 1-|
2              |-write 2--?`
		staleOnce = `
0  |-write 1-|
1              |-write 2-|
2                          |-read → 1-|
3                          |-read--?
4                                        |-read → 2-|`
		legalTwice = `
0  |-write 1-|
1              |-write 1-|
2                          |-read → 1-|`
		staleTwice = `
0  |-write 1-|
1              |-write 1-|
2                          |-write 2-|
3                                      |-read → 1-|
4                                                   |-read → 2-|`
		twice  = "a value was put twice"
		locked = "there is no monitor for the model reentrant-mutex"
		again  = `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|`
	)
	for _, test := range []struct {
		name, model, drawing string
		engine               Engine
		want                 decided
	}{
		{"legal", "register", legalOnce, Auto, decided{legal, ByMonitor, true, "", nil, -1, 3, 2}},
		{"legal", "register", legalOnce, ByMonitor, decided{legal, ByMonitor, false, "", nil, -1, 3, 2}},
		{"legal", "register", legalOnce, BySearch, decided{legal, BySearch, false, "", nil, -1, 3, 2}},
		{"legal", "register", legalOnce, ByPorcupine, decided{legal, ByPorcupine, false, "", nil, -1, 3, 2}},
		{"legal", "register", legalOnce, All, decided{legal, ByMonitor, true, "", nil, -1, 3, 2}},

		{"stale", "register", staleOnce, Auto, decided{illegal, ByMonitor, true, "", []int{0, 2, 4, 7}, -1, 4, 4}},
		{"stale", "register", staleOnce, ByMonitor, decided{illegal, ByMonitor, false, "", []int{0, 2, 4, 7}, -1, 4, 4}},
		{"stale", "register", staleOnce, BySearch, decided{illegal, BySearch, false, "", nil, 4, 4, 4}},
		{"stale", "register", staleOnce, ByPorcupine, decided{illegal, ByPorcupine, false, "", nil, -1, 4, 4}},
		{"stale", "register", staleOnce, All, decided{illegal, ByMonitor, true, "", []int{0, 2, 4, 7}, -1, 4, 4}},

		{"legal, no monitor", "register", legalTwice, Auto, decided{legal, BySearch, true, twice, nil, -1, 3, 3}},
		{"legal, no monitor", "register", legalTwice, ByMonitor, decided{undecided, "", false, twice, nil, -1, 3, 3}},
		{"legal, no monitor", "register", legalTwice, All, decided{legal, BySearch, true, twice, nil, -1, 3, 3}},

		{"stale, no monitor", "register", staleTwice, Auto, decided{illegal, BySearch, true, twice, nil, 6, 5, 5}},
		{"stale, no monitor", "register", staleTwice, ByMonitor, decided{undecided, "", false, twice, nil, -1, 5, 5}},
		{"stale, no monitor", "register", staleTwice, BySearch, decided{illegal, BySearch, false, "", nil, 6, 5, 5}},
		{"stale, no monitor", "register", staleTwice, All, decided{illegal, BySearch, true, twice, nil, 6, 5, 5}},

		{"another model", "reentrant-mutex", again, Auto, decided{legal, BySearch, true, locked, nil, -1, 2, 2}},
		{"another model", "reentrant-mutex", again, ByMonitor, decided{undecided, "", false, locked, nil, -1, 0, 0}},
	} {
		t.Run(test.name+" by "+string(test.engine), func(t *testing.T) {
			test.want.check(t, keyOf(t, test.model, sketch.MustParse(test.drawing), test.engine))
		})
	}
}

// keyOf judges a history of one key.
func keyOf(t *testing.T, name string, ops []history.Op, engine Engine) *keyed {
	t.Helper()
	m, err := model.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	j := &judging{model: m.Survey(ops), ops: ops, options: Options{Engine: engine}.withDefaults(), bytes: 1 << 30, every: 1}
	k := split(ops)[0]
	j.key(t.Context(), k)
	return k
}

// Porcupine is asked too of keys that are small, and not of too many.
func TestSmallKeysAreConfirmed(t *testing.T) {
	for _, test := range []struct {
		name            string
		keys, each      int
		judged, confirm int
	}{
		{"as many operations as may be", 1, confirmedOps, 1, 1},
		{"one too many", 1, confirmedOps + 1, 1, 0},
		{"as many keys as may be", confirmedKeys, 1, confirmedKeys, confirmedKeys},
		{"every third", 3 * confirmedKeys, 1, 3 * confirmedKeys, confirmedKeys},
	} {
		t.Run(test.name, func(t *testing.T) {
			var ops []history.Op
			for k := range test.keys {
				for i := range test.each {
					v, at := history.Int(int64(i)), int64(10*len(ops))
					ops = append(ops, history.Op{
						Key: history.Int(int64(k)).String(), F: "write", Input: v, Output: v, Outcome: history.OK, Call: at, Return: at + 1,
					})
				}
			}
			r := judge(t, "linearizable(register)", indexed(ops))
			by := r.Statistics["engines"].(map[Engine]int)
			if r.Verdict != Valid || by[ByMonitor] != test.judged || r.Statistics["confirmed_keys"] != test.confirm ||
				r.Statistics["operations"] != test.keys*test.each {
				t.Errorf("got %s by %s: %v", r.Verdict, r.Engine, r.Statistics)
			}
		})
	}
}

// The first engine that decides has decided; another is a confirmation or a
// conflict.
func TestAnswersAreAdded(t *testing.T) {
	type said struct {
		by Engine
		answer
	}
	for _, test := range []struct {
		name string
		said []said
		want decision
	}{
		{"nothing", nil, decision{}},
		{"gave up", []said{{BySearch, tooLarge}}, decision{answer: tooLarge}},
		{"gave up, then not", []said{{BySearch, tooLarge}, {ByPorcupine, illegal}}, decision{answer: illegal, by: ByPorcupine}},
		{"decided, then gave up", []said{{ByMonitor, legal}, {ByPorcupine, tooLarge}}, decision{answer: legal, by: ByMonitor}},
		{"agreed without porcupine", []said{{ByMonitor, legal}, {BySearch, legal}}, decision{answer: legal, by: ByMonitor}},
		{"confirmed", []said{{ByMonitor, illegal}, {ByPorcupine, illegal}}, decision{answer: illegal, by: ByMonitor, confirmed: true}},
		{"the first contradiction is told", []said{{ByMonitor, illegal}, {BySearch, legal}, {ByPorcupine, legal}}, decision{
			answer: illegal, by: ByMonitor, conflict: "monitor says not linearizable, search says linearizable"}},
		{"the other way round", []said{{BySearch, legal}, {ByPorcupine, illegal}}, decision{
			answer: legal, by: BySearch, conflict: "search says linearizable, porcupine says not linearizable"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var (
				d       decision
				firsts  []Engine
				decides []Engine
			)
			for _, s := range test.said {
				d.add(s.by, s.answer, func() { firsts = append(firsts, s.by) })
			}
			if test.want.by != "" {
				decides = []Engine{test.want.by}
			}
			if d.answer != test.want.answer || d.by != test.want.by || d.confirmed != test.want.confirmed || d.conflict != test.want.conflict {
				t.Errorf("got %+v, want %+v", d, test.want)
			}
			if !slices.Equal(firsts, decides) {
				t.Errorf("%v were told that they had decided, want %v", firsts, decides)
			}
		})
	}
}

func TestWhatTheSearchAnswers(t *testing.T) {
	for from, want := range map[search.Answer]answer{
		search.Legal: legal, search.Illegal: illegal, search.TooLarge: tooLarge, search.Undecided: undecided,
	} {
		if got := searched(from); got != want {
			t.Errorf("%v: got %v, want %v", from, got, want)
		}
	}
}

// A witness is made of what the monitor found, or of everything; what may have
// happened besides is known of.
func TestWhatIsGuilty(t *testing.T) {
	ops := sketch.MustParse(`
0  |-write 1-|
1     |-write 9--?
2              |-write 2-|
3                          |-read → 1-|
4                                        |-write 8--?
5                                        |-read → 2-|`)
	places := func(ops []model.Op) (at []int) {
		for i := range ops {
			at = append(at, ops[i].ID)
		}
		return at
	}
	m, err := model.Parse("register")
	if err != nil {
		t.Fatal(err)
	}
	j := &judging{model: m.Survey(ops), ops: ops}
	k := split(ops)[0]
	for _, test := range []struct{ core, ops, aside []int }{
		{nil, []int{0, 1, 3, 5, 7, 8}, nil},
		{[]int{5, 0, 3}, []int{0, 3, 5}, []int{1, 7}},
		{[]int{0, 1, 3}, []int{0, 1, 3}, []int{7}},
	} {
		k.core = test.core
		guilty, aside, err := j.guilty(k)
		if err != nil || !slices.Equal(places(guilty), test.ops) || !slices.Equal(places(aside), test.aside) {
			t.Errorf("core %v: got %v and aside %v, %v; want %v and %v", test.core, places(guilty), places(aside), err, test.ops, test.aside)
		}
	}
}
