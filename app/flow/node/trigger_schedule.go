package node

import (
	"time"

	"github.com/robfig/cron/v3"

	"zygo/app/fault"
	"zygo/app/field"
)

// Schedule starts a workflow at its times. A time of day that the clock skips in spring is due when it jumps; one that it
// shows twice in autumn is due the first time. A schedule for every hour follows the real hours instead.
type Schedule struct {
	Mode   ScheduleMode `z:"default=cron,literal"`
	Cron   string       `z:"max=200,literal,when=mode:cron,help=Minute, hour, day of the month, month and day of the week: 30 8 * * 1-5 is half past eight on workdays."`
	Zone   string       `z:"max=60,literal,when=mode:cron,label=Time zone,help=Such as Europe/Berlin; the workflow's own when empty."`
	Every  int          `z:"min=1,max=1000000,default=1,short,literal,when=mode:every"`
	Unit   ScheduleUnit `z:"default=hours,short,literal,when=mode:every"`
	Missed ScheduleMiss `z:"default=one,literal,fold,label=After downtime,help=What happens with the times that passed while Zygo was not running."`

	spec *cron.SpecSchedule
}

// ScheduleMode is how the times are given.
type ScheduleMode string

// Choices are the modes.
func (ScheduleMode) Choices() []field.Choice {
	return []field.Choice{{Value: "cron", Label: "By the calendar"}, {Value: "every", Label: "At an interval"}}
}

// ScheduleUnit is a unit of an interval.
type ScheduleUnit string

// Choices are the units.
func (ScheduleUnit) Choices() []field.Choice {
	return choices("seconds", "minutes", "hours", "days")
}

// ScheduleMiss says what happens with missed times.
type ScheduleMiss string

// Choices are the policies.
func (ScheduleMiss) Choices() []field.Choice {
	return []field.Choice{{Value: "skip", Label: "Nothing"}, {Value: "one", Label: "Run once"}, {Value: "all", Label: "Run once for each"}}
}

func schedule() *Type {
	return Declare(Type{
		Name: "trigger.schedule", Version: 1, Category: "triggers", Title: "Schedule", Icon: "clock", Trigger: true,
		Help: "Starts by the calendar or at an interval.",
	}, passThrough[Schedule])
}

// ScheduleOf gives the settings of a schedule trigger.
func ScheduleOf(n *Node) (*Schedule, bool) {
	s, ok := n.fixed.(*Schedule)
	return s, ok
}

var units = map[ScheduleUnit]time.Duration{"seconds": time.Second, "minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour}

// starBit is how the parser marks a field that was a star.
const starBit = 1 << 63

// Check reads the calendar. Seconds are not accepted there: an interval is meant for that.
func (s *Schedule) Check() error {
	if s.Mode == "every" {
		return nil
	}
	if _, err := s.location(time.Time{}); err != nil {
		return err
	}
	var err error
	if s.spec, err = readCalendar(s.Cron); err != nil {
		return err
	}
	if s.spec.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return fault.InvalidField("cron", "names a day that never comes")
	}
	return nil
}

func (s *Schedule) location(of time.Time) (*time.Location, error) {
	if s.Zone == "" {
		return of.Location(), nil
	}
	zone, err := field.Zone(s.Zone)
	if err != nil {
		return nil, fault.InvalidField("zone", "%s", err)
	}
	return zone, nil
}

// Next is the first due time after the given one, which should be the last due time and not the present: an interval
// counts from there. Where the schedule names no time zone, that of after holds.
func (s *Schedule) Next(after time.Time) time.Time {
	if s.Mode == "every" {
		return after.Add(time.Duration(s.Every) * units[s.Unit])
	}
	zone, err := s.location(after)
	if err != nil {
		return time.Time{} // Check has refused it
	}
	if s.spec.Hour&starBit != 0 {
		return s.spec.Next(after.In(zone))
	}
	for wall := clock(after.In(zone)); ; {
		if wall = s.spec.Next(wall); wall.IsZero() {
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
