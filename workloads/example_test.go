package workloads_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

func ExampleFind() {
	w, err := workloads.Find("lock")
	fmt.Println(w.About, err)
	fmt.Println(w.Checks(workloads.Options{TTL: time.Second}))
	_, err = workloads.Find("lokc")
	fmt.Println(err)
	// Output:
	// SET NX PX with a token, released by compare-and-delete (needs Redis 7) <nil>
	// [linearizable(mutex) linearizable(lease(1s)) exclusion stats]
	// unknown workload "lokc": did you mean lock? (there are register, counter, inventory, lock, lock-naive, lock-fenced, queue, set)
}

func ExampleAll() {
	for _, w := range workloads.All() {
		fmt.Printf("%-11s %s\n", w.Name, w.About)
	}
	// Output:
	// register    GET, SET, and compare-and-set by a script
	// counter     INCRBY and GET
	// inventory   an atomic conditional decrement by a script: no stock below zero, no deduction lost
	// lock        SET NX PX with a token, released by compare-and-delete (needs Redis 7)
	// lock-naive  SETNX then EXPIRE in two commands, released by an unconditional DEL (incorrect)
	// lock-fenced a lock whose grants are numbered by INCR in one script, and a resource that rejects old numbers
	// queue       LPUSH and RPOP
	// set         SADD and SMEMBERS, with a last read after everything has healed
}

// A reply is only as good as what is known of the request.
func ExampleClassify() {
	show := func(f workloads.Failure) {
		outcome, word := workloads.Classify(f)
		fmt.Println(outcome, word)
	}
	show(workloads.Failure{Command: "set", Err: syscall.ECONNREFUSED})             // nothing left
	show(workloads.Failure{Command: "set", Sent: true, Err: io.EOF})               // executed? nobody knows
	show(workloads.Failure{Command: "pexpire", Acted: true, Err: syscall.EPIPE})   // but the SETNX before it was
	show(workloads.Failure{Sent: true, Err: &workloads.Refusal{Word: "mismatch"}}) // a CAS saw another value
	// Output:
	// fail conn-refused
	// info eof
	// info conn-reset
	// fail mismatch
}

func ExampleKeys() {
	keys := workloads.NewKeys(1, 2)
	rng := rand.New(rand.NewPCG(1, 1))
	for range 5 {
		key := keys.Pick(rng)
		fmt.Print(key, " ")
		keys.Used(key)
	}
	fmt.Println(keys.All())
	// Output: k1 k1 k2 k2 k3 [k1 k2 k3]
}

// A generator's operations are the same for the same seed.
func ExampleGenerator() {
	w, err := workloads.Find("register")
	if err != nil {
		fmt.Println(err)
		return
	}
	instance := w.New(workloads.Options{})
	g := instance.Generator(workloads.Lane{Number: 0, Of: 10, Keys: workloads.NewKeys(1, 0), Rand: rand.New(rand.NewPCG(4, 2))})
	for range 5 {
		op := g.Next()
		fmt.Println(op.F, op.Key, op.Value)
		result := op.Value
		if op.F == "read" {
			result = history.Int(8)
		}
		g.Done(op, history.OK, result)
	}
	// Output:
	// read k1 null
	// write k1 1
	// read k1 null
	// cas k1 [8,11]
	// cas k1 [11,21]
}
