// Package catalogue lists planted bugs: recipes that break their promise, what
// finds each, and the smallest schedule that shows it.
//
// Start from [All].
//
//	for _, bug := range catalogue.All() {
//		fmt.Println(bug.Name, bug.Anomaly)
//	}
//
// The smallest schedules stand in testdata, written by hand or taken from an
// exhaustive search; docs/catalogue.md shows the table.
package catalogue
