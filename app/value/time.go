package value

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Time is the moment that v writes, as services write them: ISO 8601, mail (RFC 5322), JavaScript's Date, PostgreSQL, and a
// number of seconds or milliseconds since 1970. A time without a zone is meant in the given one. It is false for everything
// else, also where the order of day and month, or the zone, could only be guessed.
func (v Value) Time(zone *time.Location) (time.Time, bool) {
	text := strings.TrimSpace(v.Raw())
	if v.kind == NumberKind || unixText.MatchString(text) {
		return unixTime(parseNumber(text))
	}
	if m := zonedText.FindStringSubmatch(text); m != nil {
		var known bool
		if zone, known = writtenZone(m[2], m[3]); !known {
			return time.Time{}, false
		}
		text = m[1]
	}
	for _, layout := range timeLayouts {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

var (
	// Fewer digits may be a year or a date.
	unixText = regexp.MustCompile(`^-?[0-9]{9,16}(\.[0-9]+)?$`)
	// A zone stands behind the time of day: behind a date the same signs are part of it.
	zonedText = regexp.MustCompile(
		`^(.*[0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]{1,9})?)?) ?(?:([A-Za-z]{1,4})|(?:GMT|UTC)?([+-][0-9]{2}(?::?[0-9]{2})?))(?: ?\([^)]*\))?$`)
)

// timeLayouts are without zones. Parsing takes a fraction of a second behind each of them that has seconds.
var timeLayouts = []string{
	"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly,
	"20060102T150405", "20060102T1504", "20060102", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02",
	"Mon, 2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "Mon Jan 02 2006 15:04:05",
}

// namedZones are the hours east of Greenwich of the names that RFC 5322 gives one meaning; most others have several.
var namedZones = map[string]int{
	"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}

func writtenZone(name, offset string) (*time.Location, bool) {
	if offset == "" {
		hours, known := namedZones[strings.ToUpper(name)]
		return time.FixedZone("", hours*3600), known
	}
	digits := strings.ReplaceAll(offset[1:], ":", "") + "00"
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[2:4])
	seconds := hours*3600 + minutes*60
	if offset[0] == '-' {
		seconds = -seconds
	}
	const furthest = 14
	return time.FixedZone("", seconds), hours <= furthest && minutes < 60
}

// unixTime takes numbers below 10^11 as seconds: as milliseconds they would lie before 1973-03-03, as seconds the others lie
// behind the year 5138.
func unixTime(since float64) (time.Time, bool) {
	const firstMilliseconds = 1e11
	if math.Abs(since) < firstMilliseconds {
		since *= 1000
	}
	return time.UnixMicro(int64(math.Round(since * 1000))), math.Abs(since) <= 8.64e15
}
