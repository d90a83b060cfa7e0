package node

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/robfig/cron/v3"
)

// A calendarField is one of the fields of a calendar as crontab(5) has them.
type calendarField struct {
	name     string
	min, max int
	names    []string // of the values from min on
}

var calendarFields = []calendarField{
	{"minute", 0, 59, nil}, {"hour", 0, 23, nil}, {"day of the month", 1, 31, nil},
	{"month", 1, 12, []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{"day of the week", 0, 7, []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// secondField stands before the others in a calendar of six fields.
var secondField = calendarField{"second", 0, 59, nil}

// readCalendar reads five fields, or six with the second first. What the parser of the library reads in another way than
// crontab(5), or with a step that runs more often than it says, is read or refused here.
func readCalendar(text string) (*cron.SpecSchedule, error) {
	fields := strings.Fields(text)
	switch len(fields) {
	case len(calendarFields):
		fields = append([]string{"0"}, fields...)
	case len(calendarFields) + 1:
	default:
		return nil, errors.New("must be five fields, such as 30 8 * * 1-5, or six with the second first")
	}
	given := slices.Clone(fields)
	for i, f := range append([]calendarField{secondField}, calendarFields...) {
		values, err := f.values(fields[i])
		if err != nil {
			return nil, err
		}
		if fields[i] = "*"; values != nil {
			fields[i] = strings.Trim(strings.Join(strings.Fields(fmt.Sprint(values)), ","), "[]")
		}
	}
	parser := cron.NewParser(cron.Second | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	parsed, err := parser.Parse(strings.Join(fields, " "))
	if err != nil {
		return nil, fmt.Errorf("can't be read: %w", err)
	}
	spec := parsed.(*cron.SpecSchedule)
	// Both days must fit where one of the fields begins with a star, as */2 does; else either is enough.
	for at, bits := range map[int]*uint64{3: &spec.Dom, 5: &spec.Dow} {
		if given[at][0] == '*' || given[at][0] == '?' {
			*bits |= starBit
		}
	}
	return spec, nil
}

// values are those of a field, in order; nil for all of them.
func (f calendarField) values(text string) ([]int, error) {
	if text == "*" || text == "?" || text == "*/1" {
		return nil, nil
	}
	var values []int
	for part := range strings.SplitSeq(text, ",") {
		list, err := f.part(part)
		if err != nil {
			return nil, err
		}
		values = append(values, list...)
	}
	if f.max == 7 { // Sunday has two numbers
		for i := range values {
			values[i] %= 7
		}
	}
	slices.Sort(values)
	return slices.Compact(values), nil
}

func (f calendarField) part(text string) ([]int, error) {
	span, every, hasStep := strings.Cut(text, "/")
	low, high, isRange := strings.Cut(span, "-")
	last := f.max
	if f.max == 7 {
		last = 6
	}
	from, to, step := f.min, last, 1
	var err error
	if span != "*" {
		if from, err = f.value(low); err != nil {
			return nil, err
		}
		switch {
		case isRange:
			if to, err = f.value(high); err != nil {
				return nil, err
			}
		case !hasStep:
			to = from
		}
	}
	if hasStep {
		if step, err = strconv.Atoi(every); err != nil || step < 1 {
			return nil, fmt.Errorf("%.20q is no step of the %s", every, f.name)
		}
	}
	switch {
	case from > to:
		return nil, fmt.Errorf("the %s %.20q ends before it begins", f.name, text)
	case step > last-f.min+1:
		return nil, fmt.Errorf("a step of %d is longer than the %s; use an interval for that", step, f.name)
	}
	var values []int
	for v := from; v <= to; v += step {
		values = append(values, v)
	}
	return values, nil
}

func (f calendarField) value(text string) (int, error) {
	if at := slices.Index(f.names, strings.ToLower(text)); at >= 0 {
		return f.min + at, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < f.min || n > f.max || strings.Trim(text, "0123456789") != "" {
		return 0, fmt.Errorf("%.20q is no %s: use %d to %d, a range such as %d-%d, a list, or a step such as */2", text, f.name, f.min,
			f.max, f.min, f.min+1)
	}
	return n, nil
}
