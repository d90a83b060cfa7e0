package flow

import (
	"time"

	"zygo/app/module"
	"zygo/app/resource"
)

// FailedTitle heads the executions that failed, of which those that failed alike are one row.
const FailedTitle = "Failed in the last 24 hours"

// homeBlocks are the executions that somebody should look at.
var homeBlocks = []module.HomeBlock{
	{
		Kind:  "execution",
		Title: FailedTitle,
		Rank:  3,
		Filters: func(s *resource.Session) []resource.Filter {
			dayAgo := s.Now.Add(-24 * time.Hour).String()
			return []resource.Filter{
				module.Is("status", string(Failed)),
				{Field: "created_at", Operator: "gte", Values: []string{dayAgo}},
				module.Is("retried_by", ""),
			}
		},
		Counts: []module.HomeCount{{Label: "Failed in 24 h", Tone: "red"}},
	},
	{
		Kind:    "approval",
		Title:   "Waiting for a decision",
		Rank:    2,
		Filters: module.Where(module.Is("state", string(OpenApproval))),
		Counts:  []module.HomeCount{{Label: "To decide", Tone: "amber"}},
	},
	{
		Kind:    "execution",
		Title:   "Waiting executions",
		Rank:    3,
		Filters: module.Where(module.Is("status", string(Waiting))),
		Counts:  []module.HomeCount{{Label: "Waiting", Tone: "amber"}},
	},
}
