package value_test

import (
	"strings"
	"testing"
	"time"

	"zygo/app/value"
)

// Each is less than the next one.
func TestNumbersCompareByEveryDigit(t *testing.T) {
	t.Parallel()
	rising := []value.Value{
		value.String("-Infinity"), value.String("-1e400"), parse(t, "-9007199254740993"), parse(t, "-9007199254740992"), parse(t, "-0.1"),
		value.String(" "), parse(t, "1e-400"), value.String(".05"), parse(t, "0.10"), value.String("+0.1000000000000000000001"),
		value.Bool(true), value.String("0x1f"),
		parse(t, "9007199254740992"), value.String("9007199254740993"), parse(t, "9.007199254740994e15"),
		parse(t, "1"+strings.Repeat("0", 300)), value.String("1e400"), value.String("1e999999999999999999999"), value.String("Infinity"),
	}
	for i, a := range rising {
		for j, b := range rising {
			got, ok := value.Compare(a, b)
			if want := min(1, max(-1, i-j)); !ok || got != want {
				t.Errorf("%s with %s: %d, %v; want %d", a.JSON(), b.JSON(), got, ok, want)
			}
		}
	}
	for _, none := range []value.Value{value.String("1_0"), value.String("1e"), value.String("ten"), value.String("."), value.Object(), {}} {
		if _, ok := value.Compare(none, value.Int(1)); ok {
			t.Errorf("%s is compared as a number", none.JSON())
		}
	}
	if value.Same(parse(t, "9007199254740993"), parse(t, "9.007199254740992e15")) || !value.Same(parse(t, "1.50"), parse(t, "15e-1")) {
		t.Error("numbers are the same by their digits")
	}
	for text, held := range map[string]bool{"9007199254740993": false, "9007199254740992": true, "0.1": true, "12": true} {
		if _, got := parse(t, text).Double(); got != held {
			t.Errorf("a double holds %s: %v", text, got)
		}
	}
}

func TestTimesAsServicesWriteThem(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"2024-01-15T09:00:00Z", "2024-01-15T10:00:00+0100", "2024-01-15T10:00:00.000+01:00", "2024-01-15 09:00:00+00",
		"2024-01-15 09:00:00,000 UTC", "2024-01-15T09:00Z",
		"2024-01-15T14:30+05:30", "20240115T090000Z", "2024/01/15 04:00", "2024-01-15T04:00", " 2024-01-15 04:00:00.000 ",
		"Mon, 15 Jan 2024 04:00:00 EST", "15 Jan 2024 09:00 GMT",
		"Mon, 15 Jan 2024 10:00:00 +0100 (CET)", "Mon Jan 15 2024 10:00:00 GMT+0100 (Central European Standard Time)", "1705309200",
		"1705309200.000", "1705309200000",
	} {
		if got, ok := value.String(text).Time(zone); !ok || got.UnixMilli() != 1705309200000 {
			t.Errorf("%q is %v, %v", text, got.UTC(), ok)
		}
	}
	for _, day := range []string{"2024-01-15", "20240115", "2024/01/15"} {
		if got, ok := value.String(day).Time(zone); !ok || got.Format(time.RFC3339) != "2024-01-15T00:00:00-05:00" {
			t.Errorf("%q is %v, %v", day, got, ok)
		}
	}
	for _, text := range []string{"", "soon", "2024", "2024-02-30", "01/02/2024", "15.01.2024", "2024-01-15T25:00",
		"2024-01-15T09:00:00+99:00", "2024-01-15T09:00:00 XYZ", "Mon, 15 Jan 2024 09:00:00 IST", "09:00", "1e99", "99999999999999999"} {
		if got, ok := value.String(text).Time(zone); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
	if got, ok := value.Int(0).Time(zone); !ok || got.Unix() != 0 {
		t.Errorf("0 is %v, %v", got, ok)
	}
	if _, ok := value.Float(1e300).Time(zone); ok {
		t.Error("1e300 is a time")
	}
}
