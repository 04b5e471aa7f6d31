// Package terminal shows a run in a terminal: what was found, how many operations
// there were over time with the faults below, and the operations that prove each
// violation as lanes.
//
// Start from [Show]:
//
//	run, err := runfolder.Open("store/latest")
//	err = terminal.Show(os.Stdout, run, terminal.Options{})
//
// Lines are 80 columns wide at most, except what is copied. What comes from a
// history cannot do anything to the terminal: control characters are replaced.
package terminal
