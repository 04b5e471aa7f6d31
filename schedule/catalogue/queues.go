package catalogue

import "github.com/jepsen-lite/jepsen-lite/schedule"

// deaths are the faults by which a worker or its server dies in the middle.
func deaths() []string { return []string{"timeout", "kill"} }

func queues() []Bug {
	queue := func(recipe string) schedule.Plan {
		return schedule.Plan{Workload: schedule.Workload{Name: recipe, Options: options()}, Target: onAOF, Faults: deaths(), Seed: 1}
	}
	return []Bug{
		{
			Name:    "queue-pop-then-record",
			Plan:    queue("queue-pop-then-record"),
			Right:   "queue-reliable",
			Anomaly: "a job is lost: its worker dies after it has popped the job and before it has recorded it",
		},
		{
			Name:    "queue-two-step-move",
			Plan:    queue("queue-two-step-move"),
			Right:   "queue-reliable",
			Anomaly: "a job is lost: its worker dies after it has popped the job and before it has pushed it to the list of those in work",
		},
	}
}
