package node

import (
	"fmt"
	"strings"
	"time"

	"zygo/app/fault"
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

// dateTokens are Luxon's, with their layouts in Go.
var dateTokens = map[string]string{
	"yyyy": "2006",
	"yy":   "06",
	"MMMM": "January",
	"MMM":  "Jan",
	"MM":   "01",
	"M":    "1",
	"LLLL": "January",
	"LLL":  "Jan",
	"LL":   "01",
	"L":    "1",
	"dd":   "02",
	"d":    "2",
	"EEEE": "Monday",
	"EEE":  "Mon",
	"cccc": "Monday",
	"ccc":  "Mon",
	"HH":   "15",
	"hh":   "03",
	"h":    "3",
	"mm":   "04",
	"m":    "4",
	"ss":   "05",
	"s":    "5",
	"a":    "PM",
	"ZZ":   "-07:00",
	"ZZZ":  "-0700",
}

// formatDate writes a time as a pattern of Luxon's tokens says. One that is not known is refused, since it would come out as it is.
func formatDate(at time.Time, pattern string) (string, error) {
	var out strings.Builder
	for rest := pattern; rest != ""; {
		if quoted, found := strings.CutPrefix(rest, "'"); found {
			text, after, closed := strings.Cut(quoted, "'")
			if !closed {
				return "", fault.InvalidField("format", "has a quote that isn't closed")
			}
			out.WriteString(text)
			rest = after
			continue
		}
		n := 1
		for n < len(rest) && rest[n] == rest[0] {
			n++
		}
		token := rest[:n]
		rest = rest[n:]
		text, known := dateToken(at, token)
		if !known {
			return "", fault.InvalidField("format", "has %q, which is no token; text stands in single quotes", token)
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

func dateToken(at time.Time, token string) (string, bool) {
	if layout, ok := dateTokens[token]; ok {
		return at.Format(layout), true
	}
	switch token {
	case "H":
		return fmt.Sprint(at.Hour()), true
	case "SSS":
		return fmt.Sprintf("%03d", partOf(at, "millisecond")), true
	case "X":
		return fmt.Sprint(at.Unix()), true
	case "x":
		return fmt.Sprint(at.UnixMilli()), true
	case "W":
		return fmt.Sprint(partOf(at, "week")), true
	case "WW":
		return fmt.Sprintf("%02d", partOf(at, "week")), true
	case "q":
		return fmt.Sprint(partOf(at, "quarter")), true
	case "o":
		return fmt.Sprint(at.YearDay()), true
	case "z":
		return at.Location().String(), true
	}
	first := token[0] | 0x20
	return token, first < 'a' || first > 'z'
}
