// Package recipes has workloads that people really use on top of Redis, each in
// a version that breaks its promise and in one that keeps it.
//
// Start from [All], the table, or [Find], which knows the workloads of package
// workloads too.
//
//	w, err := recipes.Find("counter-get-set")
//
// A recipe is written as its authors write it. What is wrong with it is said in
// its comment, and nowhere in its code.
//
// The package does not judge and does not schedule.
package recipes
