package page

import "github.com/jepsen-lite/jepsen-lite/checker"

// Promise is a row of the table of promises.
type Promise struct {
	Name, Meaning string
	// Verdict is valid where the promise was kept, invalid where it was broken, and
	// unknown where nothing was decided. Standing is the word for that: held.
	Verdict  checker.Verdict
	Standing string
	// Reason says why it is not decided; may be empty.
	Reason string
	// Asked: the verdict of the run depends on it.
	Asked bool
	// Figures say how much, each with its name and unit: 24 lost.
	Figures []string
	// Anomaly is what broke it; nil: nothing to show.
	Anomaly *checker.Anomaly
}

// promiseView is a promise as the page shows it.
type promiseView struct {
	Promise
	// Anomaly hides that of the promise; nil: nothing to jump to.
	Anomaly *anomalyView
}
