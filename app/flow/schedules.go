package flow

import (
	"errors"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// mostMissed bounds how many missed times a schedule makes up for.
const mostMissed = 100

// lateness is how late a due time may be taken for kept rather than missed.
const lateness = time.Minute

// fireSchedules starts what is due, each due time once, and tells when the next one is.
func (e *Engine) fireSchedules() (time.Time, error) {
	now := e.kernel.Now()
	due, err := resource.Select[schedule](e.system(), "SELECT * FROM {schedule} WHERE due_at <= ? ORDER BY due_at LIMIT 100", now)
	if err != nil {
		return time.Time{}, err
	}
	for _, s := range due {
		err := e.fire(s, now)
		var unstored *unstoredError
		if errors.As(err, &unstored) {
			return time.Time{}, err // no other could be stored either
		}
		if err != nil {
			// One that can't be started is put off, so that it holds up no other.
			e.kernel.Log().Error("a schedule could not be started", "workflow", s.WorkflowID, "node", s.NodeID, "tenant", s.TenantID,
				"error", err)
			if err := e.postpone(s, now.Add(lateness)); err != nil {
				return time.Time{}, err
			}
		}
	}
	if len(due) == 100 {
		return now.Go(), nil
	}
	next, err := resource.SelectOne[field.Time](e.system(), "SELECT min(due_at) FROM {schedule}")
	return next.Go(), err
}

func (e *Engine) fire(due schedule, now field.Time) error {
	p, err := e.program(due.TenantID, due.WorkflowID, due.Version)
	if err != nil {
		return err
	}
	unit, err := p.trigger(due.NodeID, "trigger.schedule")
	if err != nil {
		return err
	}
	planned, ok := node.ScheduleOf(unit.compiled)
	if !ok {
		return fault.New(fault.Conflict, "The node %s is no schedule.", due.NodeID)
	}
	times, next := dueTimes(planned, due.DueAt.Go().In(p.zone), now.Go().In(p.zone))
	if err := e.closed(due.TenantID, due.WorkflowID); fault.Is(err, fault.Forbidden) {
		times = nil // what came due while the organization was closed is not made up for
	} else if err != nil {
		return err
	}
	for _, at := range times {
		r := e.newRun(p, Start{
			Trigger: "schedule",
			NodeID:  unit.ID,
			Dedupe:  due.WorkflowID + " " + due.NodeID + " " + timeOf(at).String(),
			Input: []value.Item{{JSON: value.Object(
				value.Member{
					Key:   "due_at",
					Value: value.String(timeOf(at).String()),
				}, value.Member{Key: "timestamp", Value: value.String(now.String())})}},
		})
		// A time that fired already before a crash is refused by its key.
		if err := r.flush(nil); fault.Is(err, fault.Conflict) {
			continue
		} else if err != nil {
			return err
		}
		e.submit(r, e.job(r))
	}
	return e.postpone(due, timeOf(next))
}

// postpone moves a schedule to its next due time, unless somebody published another one in the meantime.
func (e *Engine) postpone(due schedule, to field.Time) error {
	return e.session(due.TenantID, "", "").Write(func(s *resource.Session) error {
		_, err := s.Change(schedules, []resource.Pair{
			{Column: "due_at", Value: to},
		}, []resource.Pair{{Column: "n", Value: due.N}, {Column: "due_at", Value: due.DueAt}})
		return err
	})
}

// dueTimes are the times to start now, by the schedule's rule for missed ones, and the next one to come.
func dueTimes(planned *node.Schedule, due, now time.Time) (times []time.Time, next time.Time) {
	for next = due; !next.After(now) && len(times) < mostMissed; next = planned.Next(next) {
		times = append(times, next)
	}
	if !next.After(now) {
		next = planned.Next(now)
	}
	if now.Sub(times[0]) <= lateness {
		return times, next
	}
	switch planned.Missed {
	case "all":
		return times, next
	case "skip":
		return nil, next
	}
	last := times[len(times)-1]
	if len(times) == mostMissed {
		last = latest(planned, last, now)
	}
	return []time.Time{last}, next
}

// latest is the last due time until now, for the one run that makes up for all that were missed. It halves the time that
// is left, since a schedule of every second misses millions in a month.
func latest(planned *node.Schedule, due, now time.Time) time.Time {
	for low, high := due, now; high.Sub(low) > time.Second; {
		middle := low.Add(high.Sub(low) / 2)
		if next := planned.Next(middle); next.After(now) {
			high = middle
		} else {
			low, due = next, next
		}
	}
	if next := planned.Next(due); !next.After(now) {
		return next
	}
	return due
}
