// Package workloads holds what clients do: for each workload a generator of
// operations, a client that performs them with go-redis, and the names of the
// checks that judge the history.
//
// Start from [Find], or look at register.go for the shape of a workload.
//
//	w, err := workloads.Find("register")
//	instance := w.New(workloads.Options{TTL: time.Minute})
//	generator := instance.Generator(workloads.Lane{Number: 0, Of: 10, Keys: keys, Rand: rng})
//	client := instance.Client(workloads.Env{Conn: conn, Prefix: "jl:"})
//	op := generator.Next()
//	value, err := client.Do(ctx, op)
//	outcome := conn.Outcome(err) // ok, fail or info
//
// Histories are made so that they can be judged exactly: values written are
// unique, an acquisition has a token of its own, a compare-and-set that fails
// and an acquire that is refused report what they saw.
//
// A client performs an operation once. It never retries, and it leaves it to
// [Classify], the one place for it, to say what an error means.
package workloads
