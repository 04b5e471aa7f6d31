// Package tool is what the scripts share that run jepsen-lite many times and make a
// table of what it says.
//
//	results, err := tool.Run("bin/jepsen-lite", "run", "--workload", "set")
//	err = tool.Replace("README.md", "verdicts", table)
//
// It is for the scripts of this repository only.
package tool
