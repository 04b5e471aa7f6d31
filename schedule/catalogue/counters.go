package catalogue

// counters are bugs of totals and stocks.
func counters() []Bug {
	return []Bug{
		{
			Name:    "counter-get-set",
			Plan:    exploring("counter-get-set"),
			Right:   "counter",
			Anomaly: "an addition is lost: both clients read the counter before either writes it",
		},
		{
			Name:    "counter-retry",
			Plan:    exploring("counter-retry", "timeout"),
			Right:   "counter",
			Anomaly: "an addition counts twice: it was executed, its answer got lost, and the client sent it again",
		},
	}
}
