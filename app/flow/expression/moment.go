package expression

import (
	"strconv"
	"strings"
	"time"

	"zygo/app/value"
)

// moment reads the methods that are called on $now or $today: moves by fixed amounts, and a last one that writes the time.
// Comparing times and everything else needs the sandbox's DateTime.
func (p *parser) moment(of func(*Environment) time.Time) (evaluate, error) {
	whole := p.at == 1
	for {
		if whole && p.at > 1 && p.peek().kind == endToken {
			return momentText(of, isoTime), nil // alone a time is its ISO text
		}
		if err := p.expect("."); err != nil {
			return nil, err
		}
		name := p.next().text
		if err := p.expect("("); err != nil {
			return nil, err
		}
		switch name {
		case "plus", "minus":
			sign := 1
			if name == "minus" {
				sign = -1
			}
			s, err := p.shift(sign)
			if err != nil {
				return nil, err
			}
			of = then(of, s.moved)
		case "startOf", "endOf":
			made, unit := startOf, p.next()
			if name == "endOf" {
				made = endOf
			}
			move, ok := made(unit.text)
			if !ok || unit.kind != stringToken || p.expect(")") != nil {
				return nil, errScript
			}
			of = then(of, move)
		default:
			return p.written(of, name)
		}
	}
}

func then(of func(*Environment) time.Time, move func(time.Time) time.Time) func(*Environment) time.Time {
	// A DateTime counts milliseconds.
	return func(e *Environment) time.Time { return move(of(e).Truncate(time.Millisecond)) }
}

func momentText(of func(*Environment) time.Time, write func(time.Time) string) evaluate {
	return func(r *run) (value.Value, error) { return value.String(write(of(r.Environment))), nil }
}

// written reads the method that writes the time.
func (p *parser) written(of func(*Environment) time.Time, name string) (evaluate, error) {
	switch name {
	case "toISO":
		return momentText(of, isoTime), p.expect(")")
	case "toISODate":
		return momentText(of, func(t time.Time) string { return t.Format(time.DateOnly) }), p.expect(")")
	case "toMillis":
		return func(r *run) (value.Value, error) { return value.Int(of(r.Environment).UnixMilli()), nil }, p.expect(")")
	}
	pattern := p.next()
	if name != "toFormat" && name != "format" || pattern.kind != stringToken {
		return nil, errScript
	}
	write, ok := momentFormat(pattern.text)
	if !ok {
		return nil, errScript
	}
	return momentText(of, func(t time.Time) string { return string(write(nil, t)) }), p.expect(")")
}

// isoTime is what DateTime.toISO() writes: milliseconds always, Z for UTC and the offset else.
func isoTime(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z07:00") }

// momentTokens are the tokens of Luxon's toFormat that are written here, with their layouts in Go.
var momentTokens = map[string]string{
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

// momentFormat compiles a pattern; false if it has a token that only the sandbox writes.
func momentFormat(pattern string) (func([]byte, time.Time) []byte, bool) {
	var pieces []func([]byte, time.Time) []byte
	for i := 0; i < len(pattern); {
		c := pattern[i]
		n := 1
		switch {
		case c == '\'':
			if n = strings.IndexByte(pattern[i+1:], '\''); n < 0 {
				return nil, false
			}
			literal := pattern[i+1 : i+1+n]
			pieces = append(pieces, func(to []byte, _ time.Time) []byte { return append(to, literal...) })
			n += 2
		case c|0x20 < 'a' || c|0x20 > 'z':
			pieces = append(pieces, func(to []byte, _ time.Time) []byte { return append(to, c) })
		default:
			for i+n < len(pattern) && pattern[i+n] == c {
				n++
			}
			piece := momentPiece(pattern[i : i+n])
			if piece == nil {
				return nil, false
			}
			pieces = append(pieces, piece)
		}
		i += n
	}
	return func(to []byte, t time.Time) []byte {
		for _, piece := range pieces {
			to = piece(to, t)
		}
		return to
	}, true
}

func momentPiece(name string) func([]byte, time.Time) []byte {
	if layout, ok := momentTokens[name]; ok {
		return func(to []byte, t time.Time) []byte { return t.AppendFormat(to, layout) }
	}
	number := func(of func(time.Time) int) func([]byte, time.Time) []byte {
		return func(to []byte, t time.Time) []byte { return strconv.AppendInt(to, int64(of(t)), 10) }
	}
	switch name {
	case "H":
		return number(time.Time.Hour)
	case "E", "c":
		return number(func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 })
	case "SSS":
		return func(to []byte, t time.Time) []byte { return append(to, t.Format(".000")[1:]...) }
	case "X":
		return number(func(t time.Time) int { return int(t.Unix()) })
	case "x":
		return number(func(t time.Time) int { return int(t.UnixMilli()) })
	}
	return nil
}
