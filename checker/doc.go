// Package checker judges histories: a history goes in; a verdict, typed and
// explained anomalies and statistics come out.
//
// Start from [Parse], which knows every check by name, or [Judge], which runs
// several and combines their verdicts.
//
//	check, err := checker.Parse("linearizable(fifo-queue)")
//	result, err := check.Check(ctx, h, checker.Options{})
//	fmt.Println(result.Verdict, result.Anomalies)
//
// Invalid beats unknown, and unknown beats valid. A check that runs out of time
// or memory is unknown; it never takes the process down. An anomaly names the
// operations that prove it, and a linearizability anomaly only those: whatever
// can be left out without making a legal history illegal has been left out.
//
// The package reads histories and nothing else. It does not know targets, runs
// or workloads, and it never changes a history.
package checker
