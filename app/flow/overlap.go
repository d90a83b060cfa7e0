package flow

import (
	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// An execution of a schedule that runs when the one before is over is stored as waiting, with neither a start nor a time to wake.
// The end of the one before gives it that time, in the same write, so that no crash can come between.

// mostHeld is how many executions of one schedule wait for those before them. What is due beyond that is passed over.
const mostHeld = 100

var errOverlap = fault.New(fault.Unavailable, "The executions before are not over.")

// ofSchedule are the executions of a trigger that are not over.
const ofSchedule = `status IN ('queued', 'running', 'waiting') AND trigger = 'schedule' AND workflow_id = ? AND trigger_node = ?`

// giveWay decides in the write that stores an execution whether it waits for those before it, or refuses to store it.
func (e *Engine) giveWay(s *resource.Session, row *Execution, overlap node.ScheduleOverlap) (waits bool, err error) {
	if overlap == node.OverlapParallel {
		return false, nil
	}
	before, err := resource.SelectOne[int](s, "SELECT count(*) FROM {execution} WHERE "+ofSchedule+" AND id <> ?", row.WorkflowID,
		row.TriggerNode, row.ID)
	switch {
	case err != nil || before == 0:
		return false, err
	case overlap == node.OverlapSkip || before > mostHeld:
		return false, errOverlap
	}
	_, err = s.Change(Executions.Table(s), []resource.Pair{{Column: "status", Value: string(Waiting)}},
		[]resource.Pair{{Column: "id", Value: row.ID}})
	return true, err
}

// startHeld wakes the execution that waits for the end of this one, unless another one before it is not over.
func startHeld(s *resource.Session, over *Execution) error {
	first, err := resource.Select[Execution](s, "SELECT n, status, started_at, wake_at FROM {execution} WHERE "+ofSchedule+
		" ORDER BY n LIMIT 1", over.WorkflowID, over.TriggerNode)
	if err != nil || len(first) == 0 || first[0].Status != Waiting || first[0].StartedAt != 0 || first[0].WakeAt != 0 {
		return err
	}
	_, err = s.Change(Executions.Table(s), []resource.Pair{{Column: "wake_at", Value: s.Now}},
		[]resource.Pair{{Column: "n", Value: first[0].N}})
	return err
}
