package node

import (
	"time"

	"github.com/robfig/cron/v3"

	"zygo/app/field"
)

// Timetable is one rule of a schedule: a calendar or an interval, within its days.
type Timetable struct {
	spec  *cron.SpecSchedule // nil for an interval
	every time.Duration
	// zone is nil for the workflow's own.
	zone        *time.Location
	first, last field.Date
}

// starBit is how the parser marks a field that was a star.
const starBit = 1 << 63

// Next is the first due time after the given one, which should be the last due time and not the present: an interval
// counts from there. Where the schedule names no time zone, that of after holds. After the last day it is zero.
func (t *Timetable) Next(after time.Time) time.Time {
	zone := t.zone
	if zone == nil {
		zone = after.Location()
	}
	due := after.Add(t.every)
	if t.first != "" {
		if begin := firstAt(t.first.Go(), zone); after.Before(begin) {
			after, due = begin.Add(-1), begin
		}
	}
	if t.spec != nil {
		due = t.onCalendar(after, zone)
	}
	if t.last != "" && !due.Before(firstAt(t.last.Go().AddDate(0, 0, 1), zone)) {
		return time.Time{}
	}
	return due
}

func (t *Timetable) onCalendar(after time.Time, zone *time.Location) time.Time {
	if t.spec.Hour&starBit != 0 {
		return t.spec.Next(after.In(zone))
	}
	for wall := clock(after.In(zone)); ; {
		if wall = t.spec.Next(wall); wall.IsZero() {
			return time.Time{}
		}
		if due := firstAt(wall, zone); due.After(after) {
			return due
		}
	}
}

// clock is what the clock on the wall shows, written as if it were UTC.
func clock(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// firstAt is the first moment at which the clock shows the wall time, or the moment when it jumps over it.
func firstAt(wall time.Time, zone *time.Location) time.Time {
	// Offsets change by less than a day, so that one of a day before and one of a day after are all that matter.
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	early := wall.Add(-time.Duration(max(before, after)) * time.Second).In(zone)
	late := wall.Add(-time.Duration(min(before, after)) * time.Second).In(zone)
	switch {
	case clock(early).Equal(wall):
		return early
	case clock(late).Equal(wall):
		return late
	}
	// Skipped: both lie around the jump, which begins the period of the later one.
	start, _ := late.ZoneBounds()
	return start
}
