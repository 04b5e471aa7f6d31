// Package runfolder reads what a run left behind, for those who show it.
//
// Start from [Open], which needs nothing but a run.json that can be read:
//
//	run, err := runfolder.Open("store/latest")
//	fmt.Println(run.Info.Config.Workload, run.Verdict())
//	h, err := run.History()
//
// What is missing or torn is no error but one of the run's Problems: a sentence for
// people. The package changes no file and judges nothing.
package runfolder
