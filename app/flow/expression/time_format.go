package expression

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// timeLayouts are the tokens of Luxon's toFormat that Go has a layout for.
var timeLayouts = map[string]string{
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

// timeNumbers are the tokens that are whole numbers.
var timeNumbers = map[string]func(t time.Time) int{
	"H": time.Time.Hour,
	"E": weekday,
	"c": weekday,
	"o": time.Time.YearDay,
	"W": week,
	"q": func(t time.Time) int { return (int(t.Month()) + 2) / 3 },
	"X": func(t time.Time) int { return int(t.Unix()) },
	"x": func(t time.Time) int { return int(t.UnixMilli()) },
}

// weekday is 1 for Monday and 7 for Sunday, and week that of ISO 8601.
func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

func week(t time.Time) int {
	_, number := t.ISOWeek()
	return number
}

// TimeFormat compiles a pattern of Luxon's tokens, in which text stands in single quotes. A letter that is no token here is an
// error, because it would come out as it is.
func TimeFormat(pattern string) (func(to []byte, t time.Time) []byte, error) {
	var pieces []func([]byte, time.Time) []byte
	text := func(literal string) func([]byte, time.Time) []byte {
		return func(to []byte, _ time.Time) []byte { return append(to, literal...) }
	}
	for rest := pattern; rest != ""; {
		if quoted, found := strings.CutPrefix(rest, "'"); found {
			literal, after, closed := strings.Cut(quoted, "'")
			if !closed {
				return nil, fmt.Errorf("has a quote that isn't closed")
			}
			pieces, rest = append(pieces, text(literal)), after
			continue
		}
		n := 1
		for n < len(rest) && rest[n] == rest[0] {
			n++
		}
		token := rest[:n]
		rest = rest[n:]
		if first := token[0] | 0x20; first < 'a' || first > 'z' {
			pieces = append(pieces, text(token))
			continue
		}
		piece := timePiece(token)
		if piece == nil {
			return nil, fmt.Errorf("has %q, which is no token; text stands in single quotes", token)
		}
		pieces = append(pieces, piece)
	}
	return func(to []byte, t time.Time) []byte {
		for _, piece := range pieces {
			to = piece(to, t)
		}
		return to
	}, nil
}

func timePiece(token string) func([]byte, time.Time) []byte {
	if layout, ok := timeLayouts[token]; ok {
		return func(to []byte, t time.Time) []byte { return t.AppendFormat(to, layout) }
	}
	if number, ok := timeNumbers[token]; ok {
		return func(to []byte, t time.Time) []byte { return strconv.AppendInt(to, int64(number(t)), 10) }
	}
	switch token {
	case "SSS":
		return func(to []byte, t time.Time) []byte { return append(to, t.Format(".000")[1:]...) }
	case "WW":
		return func(to []byte, t time.Time) []byte { return fmt.Appendf(to, "%02d", week(t)) }
	case "z":
		return func(to []byte, t time.Time) []byte { return append(to, t.Location().String()...) }
	}
	return nil
}
