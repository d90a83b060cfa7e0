package mutants

// ofQueue are those of the durable queue.
var ofQueue = []mutant{
	{
		name:   "a dead attempt records",
		file:   "jobs/tx.go",
		from:   `{Column: "epoch", Value: job.Epoch}, `,
		to:     "",
		folder: "jobs",
		run:    "ACrash",
	},
	{
		name:   "jobs of the dead are lost",
		file:   "jobs/queue.go",
		from:   `"SELECT * FROM {job} WHERE state = 'running'"`,
		to:     `"SELECT * FROM {job} WHERE state = ''"`,
		folder: "app/acceptance/safety",
		run:    "KillsLoseNoJob",
	},
	{
		name:   "a done job runs again",
		file:   "jobs/work.go",
		from:   `state, text, attempts, due := Done, "", j.Attempts, j.DueAt`,
		to:     `state, text, attempts, due := Waiting, "", j.Attempts, j.DueAt.Add(time.Hour)`,
		folder: "jobs",
		run:    "RunsOnce",
	},
	{
		name:   "one tenant goes first",
		file:   "jobs/queue.go",
		from:   "AND tenant_id > ? AND due_at",
		to:     "AND tenant_id >= ? AND due_at",
		folder: "jobs",
		run:    "TakeTurns",
	},
}
