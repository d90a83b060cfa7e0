package expression

import (
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
	write, err := TimeFormat(pattern.text)
	if err != nil {
		return nil, errScript
	}
	return momentText(of, func(t time.Time) string { return string(write(nil, t)) }), p.expect(")")
}

// isoTime is what DateTime.toISO() writes: milliseconds always, Z for UTC and the offset else.
func isoTime(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z07:00") }
