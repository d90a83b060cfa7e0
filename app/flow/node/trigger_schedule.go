package node

import (
	"fmt"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
)

// Schedule starts a workflow at its times. A time of day that the clock skips in spring is due when it jumps; one that it
// shows twice in autumn is due the first time. A schedule for every hour follows the real hours instead.
type Schedule struct {
	Mode    ScheduleMode    `z:"default=cron,literal"`
	Cron    string          `z:"max=200,literal,when=mode:cron,help=Minute, hour, day of the month, month and day of the week: 30 8 * * 1-5 is half past eight on workdays. With six fields the first one is the second."`
	Every   int             `z:"min=1,max=1000000,default=1,short,literal,when=mode:every"`
	Unit    ScheduleUnit    `z:"default=hours,short,literal,when=mode:every"`
	Rules   []ScheduleRule  `z:"max=20,literal,fold,label=Also"`
	Zone    string          `z:"max=60,literal,label=Time zone,help=Such as Europe/Berlin; the workflow's own when empty."`
	Begin   field.Date      `z:"literal,fold,short,label=First day"`
	End     field.Date      `z:"literal,fold,short,label=Last day"`
	Overlap ScheduleOverlap `z:"default=parallel,literal,fold,label=While it still runs,help=What happens with a time that comes before the execution of the one before is over."`
	Missed  ScheduleMiss    `z:"default=one,literal,fold,label=After downtime,help=What happens with the times that passed while Zygo was not running."`

	timetables []Timetable
}

// ScheduleRule is a further rule of a schedule.
type ScheduleRule struct {
	Mode  ScheduleMode `z:"default=cron,literal,short"`
	Cron  string       `z:"max=200,literal,short,when=mode:cron"`
	Every int          `z:"max=1000000,literal,short,when=mode:every"`
	Unit  ScheduleUnit `z:"default=hours,literal,short,when=mode:every"`
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

// ScheduleOverlap says what happens with a due time while an execution of the schedule is not over.
type ScheduleOverlap string

// The ways. Parallel is the usual one: an execution may wait for days, and each due time starts one.
const (
	OverlapParallel ScheduleOverlap = "parallel"
	OverlapQueue    ScheduleOverlap = "queue"
	OverlapSkip     ScheduleOverlap = "skip"
)

// Choices are the ways.
func (ScheduleOverlap) Choices() []field.Choice {
	return []field.Choice{{Value: "parallel", Label: "Run at the same time"}, {Value: "queue", Label: "Run when it is over"},
		{Value: "skip", Label: "Don't run"}}
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

// Check reads the rules.
func (s *Schedule) Check() error {
	base := Timetable{first: s.Begin, last: s.End}
	if s.Zone != "" {
		var err error
		if base.zone, err = field.Zone(s.Zone); err != nil {
			return fault.InvalidField("zone", "%s", err)
		}
	}
	if s.End != "" && s.End < s.Begin {
		return fault.InvalidField("end", "is before the first day")
	}
	own := ScheduleRule{s.Mode, s.Cron, s.Every, s.Unit}
	s.timetables = nil
	for i, rule := range append([]ScheduleRule{own}, s.Rules...) {
		place := ""
		if i > 0 {
			place = fmt.Sprintf("rules.%d.", i-1)
		}
		t, err := rule.timetable(base, place)
		if err != nil {
			return err
		}
		s.timetables = append(s.timetables, t)
	}
	return nil
}

func (r *ScheduleRule) timetable(t Timetable, place string) (Timetable, error) {
	if r.Mode == "every" {
		if r.Every < 1 {
			return t, fault.InvalidField(place+"every", "must be at least 1")
		}
		t.every = time.Duration(r.Every) * units[r.Unit]
		return t, nil
	}
	var err error
	if t.spec, err = readCalendar(r.Cron); err != nil {
		return t, fault.InvalidField(place+"cron", "%s", err)
	}
	if t.spec.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return t, fault.InvalidField(place+"cron", "names a day that never comes")
	}
	return t, nil
}

// Timetables are the rules of the schedule, each with its own due times.
func (s *Schedule) Timetables() []Timetable { return s.timetables }
