package markup

import (
	"fmt"
	"strings"
	"time"
)

// Viewer is how the person who looks sees times. Now is the session's clock, not the machine's.
type Viewer struct {
	Zone *time.Location
	Now  time.Time
}

const exactLayout = "Mon 2 Jan 2006, 15:04:05 MST"

// Exact is the full form, shown on hover and wherever seconds matter.
func (v Viewer) Exact(at time.Time) string {
	return at.In(v.Location()).Format(exactLayout)
}

// Relative is the one short form of every page: "now", "5 min ago", "in 3 h", and from a week on the day. clock.js has the
// same words.
func (v Viewer) Relative(at time.Time) string {
	age := v.Now.Sub(at)
	distance := age.Abs()
	if distance < 45*time.Second {
		return "now"
	}
	if distance >= 7*24*time.Hour {
		return v.day(at)
	}
	count, unit := max(1, int(distance/time.Minute)), "min"
	switch {
	case distance >= 24*time.Hour:
		count, unit = int(distance/(24*time.Hour)), "d"
	case distance >= time.Hour:
		count, unit = int(distance/time.Hour), "h"
	}
	if age < 0 {
		return fmt.Sprintf("in %d %s", count, unit)
	}
	return fmt.Sprintf("%d %s ago", count, unit)
}

func (v Viewer) day(at time.Time) string {
	local, now := at.In(v.Location()), v.Now.In(v.Location())
	if local.Year() == now.Year() {
		return local.Format("2 Jan")
	}
	return local.Format("2 Jan 2006")
}

// Location is the zone, UTC where none is known.
func (v Viewer) Location() *time.Location {
	if v.Zone == nil {
		return time.UTC
	}
	return v.Zone
}

// Took is a duration as a person reads it: "48 ms", "3.2 s", "4 min 10 s", "2 h 5 min", "3 d 4 h".
func Took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "under 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return pair(int(d.Minutes()), "min", int(d.Seconds())%60, "s")
	case d < 24*time.Hour:
		return pair(int(d.Hours()), "h", int(d.Minutes())%60, "min")
	}
	return pair(int(d.Hours())/24, "d", int(d.Hours())%24, "h")
}

func pair(large int, largeUnit string, small int, smallUnit string) string {
	if small == 0 {
		return fmt.Sprintf("%d %s", large, largeUnit)
	}
	return fmt.Sprintf("%d %s %d %s", large, largeUnit, small, smallUnit)
}

// Number groups thousands: 12,043.
func Number(n int64) string {
	digits, negative := strings.CutPrefix(fmt.Sprint(n), "-")
	if negative {
		return "-" + GroupThousands(digits)
	}
	return GroupThousands(digits)
}

// GroupThousands puts a space between each three digits.
func GroupThousands(digits string) string {
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Bytes is a size with a binary unit: 512 B, 1.5 KiB, 20 MiB.
func Bytes(n int64) string {
	if n < 1<<10 {
		return fmt.Sprintf("%d B", n)
	}
	value, unit := float64(n)/(1<<10), "KiB"
	for _, next := range []string{"MiB", "GiB", "TiB"} {
		if value < 1<<10 {
			break
		}
		value, unit = value/(1<<10), next
	}
	if value < 10 {
		return fmt.Sprintf("%.1f %s", value, unit)
	}
	return fmt.Sprintf("%.0f %s", value, unit)
}
