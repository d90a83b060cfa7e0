package node

import (
	"context"
	"slices"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Date calculates with times and writes them.
type Date struct {
	Op          DateOp      `z:"default=format,literal,label=Operation"`
	Value       value.Value `z:"when=op:format|add|round|extract|between,help=A time such as {{ $json.created_at }}"`
	End         value.Value `z:"when=op:between,help=The later time."`
	Format      field.Exact `z:"max=200,default=yyyy-MM-dd,when=op:format,help=In the tokens of Luxon, such as dd LLL yyyy HH:mm or X for seconds. Text stands in single quotes."`
	Amount      int         `z:"default=1,min=-1000000,max=1000000,when=op:add,short,help=Below zero to subtract."`
	Unit        DateUnit    `z:"default=day,when=op:add|round|extract,short"`
	Direction   DateRound   `z:"default=down,when=op:round,short"`
	Units       []DateUnit  `z:"default=day,when=op:between,help=Whole numbers of all but the smallest."`
	Zone        string      `z:"max=100,fold,label=Time zone,help=Such as Europe/Berlin; that of the workflow when empty."`
	Destination field.Exact `z:"max=500,default=date,help=The field that gets the result."`
	Alone       bool        `z:"fold,label=Only the result,help=Without the other fields of the item."`
}

// DateOp is what becomes of a time.
type DateOp string

// Choices are the operations.
func (DateOp) Choices() []field.Choice {
	return []field.Choice{{Value: "format", Label: "Format"}, {Value: "add", Label: "Add or subtract"}, {Value: "round", Label: "Round"},
		{Value: "extract", Label: "Take a part"}, {Value: "between", Label: "Time between two"}, {Value: "now", Label: "The current time"}}
}

// DateUnit is a unit of time.
type DateUnit string

// Choices are the units, from the largest to the smallest.
func (DateUnit) Choices() []field.Choice {
	return choices("year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond")
}

// DateRound is a direction.
type DateRound string

// Choices are the directions.
func (DateRound) Choices() []field.Choice {
	return []field.Choice{{Value: "down", Label: "To the beginning"}, {Value: "up", Label: "To the beginning of the next"}}
}

func date() *Type {
	return Declare(Type{
		Name: "date", Version: 1, Category: "data", Title: "Date and time", Icon: "calendar",
		Help: "Formats, adds, rounds and compares times.",
		Examples: []Example{{
			Config: `{"op": "add", "value": "{{ $json.due }}", "amount": 1, "unit": "month", "destination": "next"}`,
			In:     `[{"due": "2024-01-31T08:00:00Z"}]`,
			Out:    `{"main": [{"due": "2024-01-31T08:00:00Z", "next": "2024-02-29T08:00:00.000Z"}]}`,
		}, {
			Config: `{"op": "format", "value": "{{ $json.due }}", "format": "cccc, d LLLL yyyy"}`,
			In:     `[{"due": "2024-01-31T08:00:00Z"}]`,
			Out:    `{"main": [{"due": "2024-01-31T08:00:00Z", "date": "Wednesday, 31 January 2024"}]}`,
		}},
	}, runDate)
}

// CheckWritten refuses formats and zones that are not there. What an expression gives is empty here.
func (p *Date) CheckWritten() error {
	if p.Zone != "" {
		if _, err := field.Zone(p.Zone); err != nil {
			return fault.InvalidField("zone", "%s", err)
		}
	}
	if p.Op == "format" && p.Format != "" {
		if _, err := formatDate(time.Time{}, string(p.Format)); err != nil {
			return err
		}
	}
	return nil
}

func runDate(_ context.Context, c *Call, parameters func(int) (*Date, error)) (Result, error) {
	return c.change(func(i int) (value.Value, error) {
		p, err := parameters(i)
		if err != nil {
			return value.Null(), err
		}
		made, err := p.calculate(c.Now, c.AsInN8n)
		if err != nil {
			return value.Null(), err
		}
		item := c.Items[i].JSON
		if p.Alone {
			item = value.Object()
		}
		return with(item, "destination", string(p.Destination), made)
	})
}

func (p *Date) calculate(now time.Time, asInN8n bool) (value.Value, error) {
	zone := now.Location()
	if p.Zone != "" {
		var err error
		if zone, err = field.Zone(p.Zone); err != nil {
			return value.Null(), fault.InvalidField("zone", "%s", err)
		}
	}
	if p.Op == "now" {
		return written8601(now.In(zone))
	}
	given := p.Value
	if asInN8n {
		if p.Op == "format" && given.Kind() == value.NullKind {
			return given, nil
		}
		given, p.End = dayInUTC(given), dayInUTC(p.End)
	}
	at, err := timeIn("value", given, zone)
	if own := zonedTime(given); asInN8n && p.Op == "format" && own != nil {
		at = at.In(own)
	}
	if err != nil {
		return value.Null(), err
	}
	switch p.Op {
	case "add":
		return written8601(addUnits(at, p.Unit, p.Amount))
	case "round":
		start := startOf(at, p.Unit)
		if p.Direction == "up" && start.Before(at) {
			start = startOf(addUnits(start, p.Unit, 1), p.Unit)
		}
		return written8601(start)
	case "extract":
		return value.Int(int64(partOf(at, p.Unit))), nil
	case "between":
		end, err := timeIn("end", p.End, zone)
		if err != nil {
			return value.Null(), err
		}
		return between(at, end, p.Units), nil
	}
	text, err := formatDate(at, string(p.Format))
	return value.String(text), err
}

// dayInUTC is a date without a time as JavaScript reads it, which begins it in UTC. An empty text is the first of all days.
func dayInUTC(v value.Value) value.Value {
	text := strings.TrimSpace(v.Raw())
	if v.Kind() != value.StringKind {
		return v
	}
	if text == "" {
		return value.String("1970-01-01T00:00:00Z")
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return v
	}
	return value.String(text + "T00:00:00Z")
}

// zonedTime is the zone that stands in a time, nil where none does.
func zonedTime(v value.Value) *time.Location {
	at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(v.Raw()))
	if v.Kind() != value.StringKind || err != nil {
		return nil
	}
	return at.Location()
}

// timeIn reads a time and shows it in a zone, which one without a zone is in.
func timeIn(name string, v value.Value, zone *time.Location) (time.Time, error) {
	at, ok := v.Time(zone)
	if !ok || !isWritable(at) {
		return at, fault.InvalidField(name, "%.60s is no time such as 2024-01-31T08:00:00Z", v.JSON())
	}
	return at.In(zone), nil
}

// isWritable tells whether a year has four digits, beyond which nobody reads a time back.
func isWritable(at time.Time) bool { return at.Year() >= 0 && at.Year() <= 9999 }

func written8601(at time.Time) (value.Value, error) {
	if !isWritable(at) {
		return value.Null(), fault.InvalidField("value", "leads to the year %d", at.Year())
	}
	return value.String(at.Format("2006-01-02T15:04:05.000Z07:00")), nil
}

// between is the time between two, in units from the largest to the smallest, of which the last one has the rest.
func between(from, to time.Time, units []DateUnit) value.Value {
	sign, ordered := 1, DateUnit("").Choices()
	if to.Before(from) {
		from, to, sign = to, from, -1
	}
	var parts []value.Member
	rest := slices.DeleteFunc(ordered, func(c field.Choice) bool { return !slices.Contains(units, DateUnit(c.Value)) })
	for i, c := range rest {
		unit := DateUnit(c.Value)
		whole := wholeUnits(from, to, unit)
		before := addUnits(from, unit, whole)
		amount := float64(whole)
		if i == len(rest)-1 {
			next := addUnits(from, unit, whole+1)
			amount += float64(to.Sub(before)) / float64(next.Sub(before))
		}
		if amount != 0 {
			amount *= float64(sign)
		}
		from = before
		parts = append(parts, value.Member{Key: c.Value + "s", Value: value.Float(amount)})
	}
	return value.Object(parts...)
}
