package sandbox

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"

	"zygo/app/value"
)

// zoneNames finds what may be the name of a zone. Others than the workflow's own go to a script only if they stand in its text or
// in its data, because the worker has no files to read them from.
var zoneNames = regexp.MustCompile(
	`[A-Z][A-Za-z_]+/[A-Z][A-Za-z0-9_+-]+(?:/[A-Z][A-Za-z_]+)?|\b(?:[EMH]ST|[CEMW]ET|EST5EDT|CST6CDT|MST7MDT|PST8PDT)\b`)

// mostZones bounds how many zones a script gets, and mostGuesses how many names are looked up for it.
const (
	mostZones   = 20
	mostGuesses = 100
)

// encode writes the time, the workflow's zone and the zones that the script may name.
func (z *zones) encode(e *encoder, source string) {
	own := e.env.Now.Location()
	found := append(zoneNames.FindAllString(source, mostGuesses), zoneNames.FindAllString(string(e.to), mostGuesses)...)
	e.member("now").raw(strconv.FormatInt(e.env.Now.UnixMilli(), 10))
	e.member("zone").value(value.String(own.String()))
	e.member("zones")
	e.to = append(e.to, '{')
	e.member(own.String()).raw(z.of(own))
	given := map[string]bool{own.String(): true}
	for _, name := range found {
		if given[name] || len(given) >= mostZones {
			continue
		}
		given[name] = true
		if location, err := time.LoadLocation(name); err == nil {
			e.member(name).raw(z.of(location))
		}
	}
	e.to = append(e.to, '}')
}

// zones remembers how time zones are written. There are some six hundred, so it stays small.
type zones struct{ written sync.Map }

// of is a zone as JSON: its changes of offset, as pairs of milliseconds since 1970 and seconds east of UTC.
func (z *zones) of(location *time.Location) string {
	if known, ok := z.written.Load(location.String()); ok {
		return known.(string)
	}
	to := []byte{'['}
	from, last := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	_, written := from.In(location).Zone()
	to = fmt.Appendf(to, "[%d,%d]", from.UnixMilli(), written)
	for at := from.In(location); at.Before(last); {
		_, end := at.ZoneBounds()
		if end.IsZero() {
			break
		}
		if !end.After(at) {
			// On the last day of a leap year ZoneBounds may give a period that doesn't reach behind the time asked for.
			end = at.Add(24 * time.Hour)
		}
		at = end
		if _, offset := at.Zone(); offset != written {
			to = fmt.Appendf(to, ",[%d,%d]", at.UnixMilli(), offset)
			written = offset
		}
	}
	text := string(append(to, ']'))
	z.written.Store(location.String(), text)
	return text
}
