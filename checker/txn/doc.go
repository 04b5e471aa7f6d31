// Package txn judges transactions that append unique elements to lists and read
// whole lists, after Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies
// from Experimental Observations" (VLDB 2020), in the terms of Adya, "Weak
// Consistency" (1999).
//
// Start from [Parse], which reads an operation as a transaction, and [Check].
//
//	m, err := txn.ParseModel("snapshot-isolation")
//	t, err := txn.Parse(&h.Ops[0])
//	report := txn.Check(ctx, []txn.Txn{t}, m)
//	for _, a := range report.Anomalies { fmt.Println(a.Type, a.Explanation) }
//
// A read shows in which order everything in its list was appended. From that
// follow the dependencies between transactions: who overwrote whom (ww), who read
// what (wr), and who did not yet see what (rw). A cycle of them is an anomaly.
// Only what certainly took place counts: transactions that succeeded, and those
// of unknown outcome of which an element was read. So every anomaly is real; that
// there is none proves nothing about what was not read.
//
// The package does not time or order anything itself: it takes the order of
// events as real time.
package txn
