// Package harness makes one run: it starts a target, lets clients and a nemesis
// loose on it, records everything, and judges the record.
//
// Start from [Run], and read run.go: its function drive is a run from start to
// end.
//
//	results, err := harness.Run(ctx, harness.Defaults(), nil)
//	fmt.Println(results.Verdict, results.Folder)
//
// Evidence and judgement stay apart. While the run goes on, everything that
// happens goes to the run folder; [Judge] reads a run folder and nothing else,
// so that it can judge any stored run again.
//
// A run takes place in a world (world.go): that of processes and real time, or a
// simulated one in virtual time, where everything follows from the seed.
//
// The package keeps no state between runs and prints nothing.
package harness
