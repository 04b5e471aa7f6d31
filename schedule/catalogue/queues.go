package catalogue

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

// deaths are the faults by which a worker or its server dies in the middle.
func deaths() []string { return []string{"timeout", "kill"} }

// delays lets messages become due.
func delays(p schedule.Plan) schedule.Plan {
	p.Faults, p.MaxFaults, p.Ticks = append(p.Faults, "tick"), 3, []time.Duration{recipes.DelayedBy}
	return p
}

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
		{
			Name:    "ack-removes-nothing",
			Plan:    queue("ack-removes-nothing"),
			Right:   "ack-by-payload",
			Alone:   true,
			Anomaly: "a job is done again after it was acknowledged: the acknowledgement removes a payload that nobody had pushed",
		},
		{
			Name:    "priority-zrange-zrem",
			Plan:    queue("priority-zrange-zrem"),
			Right:   "priority-queue",
			Anomaly: "an element is delivered twice: both workers look at it before either removes it",
		},
		{
			Name:    "delayed-two-workers",
			Plan:    delays(queue("delayed-two-workers")),
			Right:   "delayed-queue",
			Anomaly: "a message is delivered twice: another worker finds it due after it was pushed and before it is removed",
		},
	}
}
