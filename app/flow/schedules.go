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

// plan stores when the rules of a schedule trigger are due first.
func (w *Workflow) plan(s *resource.Session, u *unit, zone *time.Location) error {
	planned, ok := node.ScheduleOf(u.compiled)
	if !ok {
		return nil
	}
	for rule, timetable := range planned.Timetables() {
		due := timetable.Next(s.Now.Go().In(zone))
		if due.IsZero() {
			continue // its last day is over
		}
		if err := s.Insert(schedules, &schedule{
			WorkflowID: w.ID,
			Version:    w.PublishedVersion,
			NodeID:     u.ID,
			Rule:       rule,
			DueAt:      timeOf(due),
		}); err != nil {
			return err
		}
	}
	return nil
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
	if !ok || due.Rule >= len(planned.Timetables()) {
		return fault.New(fault.Conflict, "The node %s is no schedule with so many rules.", due.NodeID)
	}
	times, next := dueTimes(&planned.Timetables()[due.Rule], planned.Missed, due.DueAt.Go().In(p.zone), now.Go().In(p.zone))
	if err := e.closed(due.TenantID, due.WorkflowID); fault.Is(err, fault.Forbidden) {
		times = nil // what came due while the organization was closed is not made up for
	} else if err != nil {
		return err
	}
	for _, at := range times {
		if err := e.fireAt(p, unit, timeOf(at), now, planned.Overlap); err != nil {
			return err
		}
	}
	return e.postpone(due, timeOf(next))
}

// fireAt starts the execution of one due time. Two rules that are due at the same moment start one.
func (e *Engine) fireAt(p *program, u *unit, at, now field.Time, overlap node.ScheduleOverlap) error {
	r, err := e.newRun(p, Start{
		Trigger: "schedule",
		NodeID:  u.ID,
		Dedupe:  p.workflowID + " " + u.ID + " " + at.String(),
		Input:   []value.Item{{JSON: dueItem(at, now)}},
	})
	if err != nil {
		return err
	}
	waits := false
	err = r.flushWith(func(s *resource.Session) (err error) {
		waits, err = e.giveWay(s, &r.row, overlap)
		return err
	})
	switch {
	case fault.Is(err, fault.Conflict): // it fired already before a crash
		return nil
	case errors.Is(err, errOverlap):
		e.kernel.Log().Info("a due time is passed over, because the executions before it are not over", "workflow", p.workflowID,
			"node", u.ID, "tenant", p.tenant, "due_at", at)
		return nil
	case err != nil || waits:
		return err
	}
	e.submit(r, e.job(r))
	return nil
}

// dueItem is what a due time starts a workflow with.
func dueItem(at, now field.Time) value.Value {
	return value.Object(
		value.Member{Key: "due_at", Value: value.String(at.String())}, value.Member{Key: "timestamp", Value: value.String(now.String())})
}

// postpone moves a schedule to its next due time, 0 for never, unless somebody published another one in the meantime.
func (e *Engine) postpone(due schedule, to field.Time) error {
	return e.session(due.TenantID, "", "").Write(func(s *resource.Session) error {
		this := []resource.Pair{{Column: "n", Value: due.N}, {Column: "due_at", Value: due.DueAt}}
		if to == 0 {
			_, err := s.Erase(schedules, this...)
			return err
		}
		_, err := s.Change(schedules, []resource.Pair{{Column: "due_at", Value: to}}, this)
		return err
	})
}

// dueTimes are the times to start now, by the schedule's rule for missed ones, and the next one to come.
func dueTimes(t *node.Timetable, missed node.ScheduleMiss, due, now time.Time) (times []time.Time, next time.Time) {
	isDue := func(at time.Time) bool { return !at.IsZero() && !at.After(now) }
	for next = due; isDue(next) && len(times) < mostMissed; next = t.Next(next) {
		times = append(times, next)
	}
	if isDue(next) {
		next = t.Next(now)
	}
	if now.Sub(times[0]) <= lateness {
		return times, next
	}
	switch missed {
	case "all":
		return times, next
	case "skip":
		return nil, next
	}
	last := times[len(times)-1]
	if len(times) == mostMissed {
		last = latest(t, last, now)
	}
	return []time.Time{last}, next
}

// latest is the last due time until now, for the one run that makes up for all that were missed. It halves the time that
// is left, since a schedule of every second misses millions in a month.
func latest(t *node.Timetable, due, now time.Time) time.Time {
	for low, high := due, now; high.Sub(low) > time.Second; {
		middle := low.Add(high.Sub(low) / 2)
		if next := t.Next(middle); next.IsZero() || next.After(now) {
			high = middle
		} else {
			low, due = next, next
		}
	}
	if next := t.Next(due); !next.IsZero() && !next.After(now) {
		return next
	}
	return due
}
