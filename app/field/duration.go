package field

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time in whole seconds; zero is none. People write and read it as "1h 30m".
type Duration int64

// Go is the duration for code that waits or counts.
func (d Duration) Go() time.Duration { return time.Duration(d) * time.Second }

// longestDuration is a hundred years, which no sum of clocks overflows.
const longestDuration = 100 * 365 * 24 * 60 * 60

// durationUnits are the letters of the text form with their seconds, the longest first.
var durationUnits = []struct {
	letter  string
	seconds int64
}{{"d", 24 * 60 * 60}, {"h", 60 * 60}, {"m", 60}, {"s", 1}}

// Words are the duration as a person reads it: "1 h 30 min".
func (d Duration) Words() string {
	return strings.NewReplacer("d", " d", "h", " h", "m", " min", "s", " s").Replace(durationText(int64(d)))
}

func durationText(seconds int64) string {
	var parts []string
	for _, unit := range durationUnits {
		if count := seconds / unit.seconds; count > 0 {
			parts = append(parts, strconv.FormatInt(count, 10)+unit.letter)
			seconds %= unit.seconds
		}
	}
	return strings.Join(parts, " ")
}

// durationType embeds numberType for its bounds, which are in seconds.
type durationType struct{ numberType }

func (durationType) Name() string { return "duration" }

func (t durationType) Schema(f *Field) Schema {
	schema := t.numberType.Schema(f)
	schema["minimum"], schema["description"] = max(f.Min, 0), "Seconds."
	if f.Max == 0 {
		schema["maximum"] = longestDuration
	}
	return schema
}

func (durationType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	var seconds int64
	if err := json.Unmarshal(raw, &seconds); err != nil {
		return errors.New("must be a whole number of seconds")
	}
	v.SetInt(seconds)
	return nil
}

var (
	durationForm  = regexp.MustCompile(`^(\d{1,10} *[a-z]+ *)*$`)
	durationParts = regexp.MustCompile(`(\d+) *([a-z]+)`)
	// durationWords are the units that people write, in seconds.
	durationWords = map[string]int64{
		"w":       7 * 86400,
		"week":    7 * 86400,
		"weeks":   7 * 86400,
		"d":       86400,
		"day":     86400,
		"days":    86400,
		"h":       3600,
		"hour":    3600,
		"hours":   3600,
		"m":       60,
		"min":     60,
		"minute":  60,
		"minutes": 60,
		"s":       1,
		"sec":     1,
		"second":  1,
		"seconds": 1,
	}
)

// FromText reads parts with their units, and plain seconds.
func (durationType) FromText(_ *Field, text string, v reflect.Value) error {
	wrong := errors.New("must be a length of time such as 1h 30m, 2d or 90 for seconds")
	text = strings.ToLower(strings.TrimSpace(text))
	if seconds, err := strconv.ParseUint(text, 10, 40); err == nil {
		v.SetInt(int64(seconds))
		return nil
	}
	if !durationForm.MatchString(text) {
		return wrong
	}
	var total int64
	for _, part := range durationParts.FindAllStringSubmatch(text, -1) {
		count, err := strconv.ParseInt(part[1], 10, 40)
		unit, known := durationWords[part[2]]
		if err != nil || !known || total > longestDuration {
			return wrong
		}
		total += count * unit
	}
	v.SetInt(total)
	return nil
}

func (durationType) Text(v reflect.Value) string { return durationText(v.Int()) }

func (durationType) Check(f *Field, v reflect.Value) string {
	switch {
	case f.Required && v.Int() == 0:
		return "is required"
	case v.Int() < 0:
		return "must not be negative"
	case v.Int() < int64(f.Min) && v.Int() > 0:
		return fmt.Sprintf("must be at least %s", durationText(int64(f.Min)))
	case v.Int() > int64(f.longest(longestDuration)):
		return fmt.Sprintf("must be at most %s", durationText(int64(f.longest(longestDuration))))
	}
	return ""
}
