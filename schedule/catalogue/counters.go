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
		{
			Name:    "inventory-check-then-decr",
			Plan:    exploring("inventory-check-then-decr"),
			Right:   "inventory",
			Anomaly: "more is sold than there was: both clients see the last piece before either takes it",
		},
		{
			Name:    "idempotency-after",
			Plan:    exploring("idempotency-after", "timeout"),
			Right:   "idempotency-atomic",
			Anomaly: "a payment counts twice: it was sent again before its key was noted",
		},
	}
}
