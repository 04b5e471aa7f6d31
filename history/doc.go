// Package history holds what happened in a run: events, in the order they were
// recorded, and the operations they pair up to.
//
// Start from [Recorder] to write a history, from [Load] to read one, and from
// [Read] to read one of others: Jepsen's EDN, its log, or elle-cli's JSON.
//
//	journal, err := history.Create("history.jsonl")
//	recorder := history.NewRecorder(journal, history.Monotonic())
//	recorder.Invoke(0, "write", "r1", history.Int(7))
//	// … the request is sent, the reply arrives …
//	recorder.Complete(0, history.OK, "write", "r1", history.Int(7), "")
//	err = recorder.Close()
//
// Our history is a JSON object a line, an event a line, appended as it happens. A
// run that is killed at any moment leaves a readable file: [Load] drops a torn
// last line with a warning and counts operations left open as [Info].
//
// What others mean by nil, keys, times and processes that go on after a crash is
// settled while reading ([ReadOptions]): whoever judges sees one kind of history.
//
// The package does not judge. It refuses a file whose events contradict each
// other (a completion nobody invoked, two open operations in one process, time
// running backwards) rather than guess what was meant.
package history
