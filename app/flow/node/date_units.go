package node

import (
	"time"

	"zygo/app/fault"
	"zygo/app/flow/expression"
)

// fixedUnits have the same length always.
var fixedUnits = map[DateUnit]time.Duration{
	"hour":        time.Hour,
	"minute":      time.Minute,
	"second":      time.Second,
	"millisecond": time.Millisecond,
}

// addUnits adds to a time by the clock or by the calendar, which keeps the time of the day, and the last day of a month where the
// month is shorter.
func addUnits(at time.Time, unit DateUnit, amount int) time.Time {
	if length, ok := fixedUnits[unit]; ok {
		ms := int64(amount) * length.Milliseconds() // a Duration ends after 292 years
		return time.Unix(at.Unix()+ms/1000, int64(at.Nanosecond())+ms%1000*int64(time.Millisecond)).In(at.Location())
	}
	switch unit {
	case "day":
		return at.AddDate(0, 0, amount)
	case "week":
		return at.AddDate(0, 0, 7*amount)
	case "quarter":
		amount *= 3
	case "year":
		amount *= 12
	}
	first := time.Date(at.Year(), at.Month()+time.Month(amount), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return time.Date(first.Year(), first.Month(), min(at.Day(), last), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), at.Location())
}

// startOf is the beginning of the unit in which a time lies. A week begins on Monday.
func startOf(at time.Time, unit DateUnit) time.Time {
	year, month, day := at.Date()
	switch unit {
	case "year":
		month, day = time.January, 1
	case "quarter":
		month, day = month-(month-1)%3, 1
	case "month":
		day = 1
	case "week":
		day -= (int(at.Weekday()) + 6) % 7
	case "day":
	case "hour":
		return at.Add(-time.Duration(at.Minute())*time.Minute - time.Duration(at.Second())*time.Second - time.Duration(at.Nanosecond()))
	default:
		return at.Truncate(fixedUnits[unit]) // zones differ by whole minutes
	}
	return time.Date(year, month, day, 0, 0, 0, 0, at.Location())
}

// partOf is the number that a unit has in a time.
func partOf(at time.Time, unit DateUnit) int {
	switch unit {
	case "year":
		return at.Year()
	case "quarter":
		return (int(at.Month())-1)/3 + 1
	case "month":
		return int(at.Month())
	case "week":
		_, week := at.ISOWeek()
		return week
	case "day":
		return at.Day()
	case "hour":
		return at.Hour()
	case "minute":
		return at.Minute()
	case "second":
		return at.Second()
	}
	return at.Nanosecond() / int(time.Millisecond)
}

// wholeUnits is how often a unit fits between two times.
func wholeUnits(from, to time.Time, unit DateUnit) int {
	seconds, rest := to.Unix()-from.Unix(), to.Nanosecond()-from.Nanosecond()
	if rest < 0 {
		seconds, rest = seconds-1, rest+int(time.Second)
	}
	if length, ok := fixedUnits[unit]; ok {
		return int((seconds*1000 + int64(rest)/int64(time.Millisecond)) / length.Milliseconds())
	}
	days := int(seconds / (24 * 60 * 60))
	guess := map[DateUnit]int{"year": days / 366, "quarter": days / 92, "month": days / 31, "week": days / 7, "day": days}[unit]
	guess = max(0, guess-1)
	for !addUnits(from, unit, guess+1).After(to) {
		guess++
	}
	return guess
}

// formatDate writes a time as a pattern of Luxon's tokens says.
func formatDate(at time.Time, pattern string) (string, error) {
	format, err := expression.TimeFormat(pattern)
	if err != nil {
		return "", fault.InvalidField("format", "%s", err)
	}
	return string(format(nil, at)), nil
}
