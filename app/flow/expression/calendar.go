package expression

import (
	"strconv"
	"strings"
	"time"
)

// shift is what plus and minus add to a time: months and days by the calendar, with the clock kept, and a length of time.
type shift struct {
	months, days int
	clock        time.Duration
}

// most bounds what a compiled time is moved by; beyond it the sandbox knows what a time can be.
const mostShift = 100_000

// units are those of Luxon's that are moved by here, without their s.
var units = map[string]shift{
	"year": {months: 12}, "quarter": {months: 3}, "month": {months: 1}, "week": {days: 7}, "day": {days: 1},
	"hour": {clock: time.Hour}, "minute": {clock: time.Minute}, "second": {clock: time.Second}, "millisecond": {clock: time.Millisecond},
}

func (s *shift) add(unit string, n int) bool {
	one, ok := units[strings.TrimSuffix(unit, "s")]
	if !ok || n > mostShift || n < -mostShift {
		return false
	}
	s.months += n * one.months
	s.days += n * one.days
	s.clock += time.Duration(n) * one.clock
	return true
}

// shift reads what stands in the parentheses of plus and minus: {days: 1, hours: 2}, or 1, 'day'.
func (p *parser) shift(sign int) (shift, error) {
	var s shift
	if !p.sign("{") {
		n, err := p.whole()
		if err != nil || p.expect(",") != nil || p.peek().kind != stringToken || !s.add(p.next().text, sign*n) {
			return s, errScript
		}
		return s, p.expect(")")
	}
	for !p.sign("}") {
		unit := p.next()
		if unit.kind != nameToken && unit.kind != stringToken || p.expect(":") != nil {
			return s, errScript
		}
		n, err := p.whole()
		if err != nil || !s.add(unit.text, sign*n) {
			return s, errScript
		}
		if !p.sign(",") && p.peek().text != "}" {
			return s, errScript
		}
	}
	return s, p.expect(")")
}

func (p *parser) whole() (int, error) {
	sign := 1
	if p.sign("-") {
		sign = -1
	}
	t := p.next()
	n, err := strconv.Atoi(t.text)
	if err != nil || t.kind != numberToken {
		return 0, errScript
	}
	return sign * n, nil
}

// moved adds a shift as Luxon does: a day that the new month doesn't have becomes its last one.
func (s shift) moved(t time.Time) time.Time {
	if s.months != 0 || s.days != 0 {
		year, month, day := t.Date()
		first := time.Date(year, month+time.Month(s.months), 1, 0, 0, 0, 0, time.UTC)
		day = min(day, first.AddDate(0, 1, -1).Day()) + s.days
		hour, minute, second := t.Clock()
		local := time.Date(first.Year(), first.Month(), day, hour, minute, second, t.Nanosecond(), time.UTC)
		t = placed(local, t)
	}
	return t.Add(s.clock)
}

// placed finds the time at which the clocks of a zone show what local shows in UTC, as Luxon does: with the offset of the time
// before, if it holds then too.
func placed(local, before time.Time) time.Time {
	at := func(offset int) (time.Time, int) {
		t := local.Add(-time.Duration(offset) * time.Second).In(before.Location())
		_, there := t.Zone()
		return t, there
	}
	_, offset := before.Zone()
	guess, there := at(offset)
	if there == offset {
		return guess
	}
	second, again := at(there)
	if again == there {
		return second
	}
	last, _ := at(min(there, again))
	return last
}

// startOf is the beginning of a unit of time, and false for one that is none.
func startOf(unit string) (func(time.Time) time.Time, bool) {
	unit = strings.TrimSuffix(unit, "s")
	if _, ok := units[unit]; !ok {
		return nil, false
	}
	return func(t time.Time) time.Time {
		year, month, day := t.Date()
		hour, minute, second := t.Clock()
		nanosecond := t.Nanosecond()
		switch unit {
		case "year":
			month, day, hour, minute, second, nanosecond = 1, 1, 0, 0, 0, 0
		case "quarter":
			month, day, hour, minute, second, nanosecond = month-(month-1)%3, 1, 0, 0, 0, 0
		case "month":
			day, hour, minute, second, nanosecond = 1, 0, 0, 0, 0
		case "week":
			day, hour, minute, second, nanosecond = day-(int(t.Weekday())+6)%7, 0, 0, 0, 0
		case "day":
			hour, minute, second, nanosecond = 0, 0, 0, 0
		case "hour":
			minute, second, nanosecond = 0, 0, 0
		case "minute":
			second, nanosecond = 0, 0
		case "second":
			nanosecond = 0
		}
		return placed(time.Date(year, month, day, hour, minute, second, nanosecond, time.UTC), t)
	}, true
}

// endOf is the last millisecond of a unit of time.
func endOf(unit string) (func(time.Time) time.Time, bool) {
	start, ok := startOf(unit)
	if !ok {
		return nil, false
	}
	one := units[strings.TrimSuffix(unit, "s")]
	return func(t time.Time) time.Time { return start(one.moved(t)).Add(-time.Millisecond) }, true
}
