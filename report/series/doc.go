// Package series turns a history into what happened over time: how long operations
// took, how many there were, what the faults did to both.
//
// Start from [Of]:
//
//	s := series.Of(h, results.Nemesis)
//	for _, w := range s.Windows {
//		fmt.Println(w.Fault.Name, w.Share(), w.FirstSuccess)
//	}
//
// Times are nanoseconds since the run began, as in the history. Every figure is
// made of all operations, but for Points, which are few enough to be drawn. The
// package draws nothing and judges nothing.
package series
