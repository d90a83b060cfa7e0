package node_test

import (
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/flow/node"
)

// The results are those that n8n gave in a workflow in Berlin, except where a line says otherwise.
func TestDate(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	const in = `[{"d":"2024-03-30T12:30:45.678Z","e":"2024-05-01T00:00:00Z"}]`
	add := func(amount, unit string) string {
		return `"op":"add","value":"{{ $json.d }}","amount":` + amount + `,"unit":"` + unit + `"`
	}
	round := func(unit string) string {
		return `"op":"round","value":"{{ $json.d }}","unit":"` + unit + `"`
	}
	format := func(format string) string {
		return `"op":"format","value":"{{ $json.d }}","format":"` + format + `"`
	}
	extract := func(unit string) string {
		return `"op":"extract","value":"{{ $json.d }}","unit":"` + unit + `"`
	}
	for config, want := range map[string]string{
		add("1", "month"): `"2024-04-30T13:30:45.678+02:00"`, add("1", "year"): `"2025-03-30T13:30:45.678+02:00"`,
		add("2", "week"):    `"2024-04-13T13:30:45.678+02:00"`,
		add("90", "minute"): `"2024-03-30T15:00:45.678+01:00"`, add("1", "quarter"): `"2024-06-30T13:30:45.678+02:00"`,
		add("1", "second"):      `"2024-03-30T13:30:46.678+01:00"`,
		add("1", "millisecond"): `"2024-03-30T13:30:45.679+01:00"`, add("-1", "day"): `"2024-03-29T13:30:45.678+01:00"`,
		add("1", "day"):   `"2024-03-31T13:30:45.678+02:00"`,
		add("24", "hour"): `"2024-03-31T14:30:45.678+02:00"`, add("-1", "month"): `"2024-02-29T13:30:45.678+01:00"`,
		format("MM/dd/yyyy"): `"03/30/2024"`, format("yyyy/MM/dd"): `"2024/03/30"`, format("MMMM dd yyyy"): `"March 30 2024"`,
		format("X"):                          `"1711801845"`,
		format("cccc, dd LLL yyyy HH:mm ZZ"): `"Saturday, 30 Mar 2024 13:30 +01:00"`, // n8n keeps UTC here
		format("cccc, dd LLL yyyy HH:mm ZZ") + `,"zone":"UTC"`: `"Saturday, 30 Mar 2024 12:30 +00:00"`,
		format("H 'Uhr' m, SSS, x, q, WW, z, o"):               `"13 Uhr 30, 678, 1711801845678, 1, 13, Europe/Berlin, 90"`,
		extract("year"):                                        `2024`,
		extract("week"):                                        `13`,
		extract("day"):                                         `30`,
		extract("second"):                                      `45`,
		extract("hour"):                                        `13`,
		round("month"):                                         `"2024-03-01T00:00:00.000+01:00"`,
		round("week"):                                          `"2024-03-25T00:00:00.000+01:00"`,
		round("hour"):                                          `"2024-03-30T13:00:00.000+01:00"`,
		round("minute"):                                        `"2024-03-30T13:30:00.000+01:00"`,
		round("quarter"):                                       `"2024-01-01T00:00:00.000+01:00"`,
		round("month") + `,"direction":"up"`:                   `"2024-04-01T00:00:00.000+02:00"`,
		`"op":"round","value":"2024-04-01","unit":"month","direction":"up"`:                                                      `"2024-04-01T00:00:00.000+02:00"`,
		`"op":"between","value":"{{ $json.d }}","end":"{{ $json.e }}","units":["hour","month","day"]`:                            `{"months":1,"days":0,"hours":12.487311666666667}`,
		`"op":"between","value":"{{ $json.e }}","end":"{{ $json.d }}","units":["day"]`:                                           `{"days":-31.520304652777778}`,
		`"op":"between","value":"{{ $json.d }}","end":"{{ $json.d }}"`:                                                           `{"days":0}`,
		`"op":"between","value":"0001-01-01T00:00:00Z","end":"9999-01-01T00:00:00Z","units":["year","millisecond"],"zone":"UTC"`: `{"years":9998,"milliseconds":0}`,
		`"op":"between","value":"0001-01-01T00:00:00Z","end":"9999-01-01T00:00:00Z","units":["hour"],"zone":"UTC"`:               `{"hours":87640656}`,
		`"op":"between","value":"0001-01-01T00:00:00Z","end":"9999-01-01T00:00:00Z","units":["day"],"zone":"UTC"`:                `{"days":3651694}`,
		`"op":"now"`: `"2026-11-20T13:00:00.000+01:00"`,
		`"op":"add","value":"2024-03-31","amount":-1,"unit":"month"`: `"2024-02-29T00:00:00.000+01:00"`, // n8n reads a day as midnight in UTC
	} {
		c := call(t, in)
		c.Now = noon.In(berlin)
		r, err := compile(t, "date", `{`+config+`,"destination":"out"}`).Run(t.Context(), c)
		if err != nil {
			t.Errorf("%s: %v", config, err)
			continue
		}
		if got := r.Outputs[0].Items[0].JSON; got.Get("out").JSON() != want || got.Get("d").IsMissing() {
			t.Errorf("%s: %s, want %s", config, got.JSON(), want)
		}
	}
	for _, v := range []string{`"nope"`, `null`, `""`, `"2024-02-30"`, `{}`, `true`} {
		expect(t, "date", `{"value":"{{ $json.v }}"}`, `[{"v":`+v+`}]`, "!is no time")
	}
	expect(t, "date", `{"op":"add","value":"2024-01-01","amount":1000000,"unit":"year"}`, `[{}]`, "!leads to the year")
	found, _ := node.Find("date", 1)
	for config, wrong := range map[string]string{
		`{"format":"bbb"}`: "format", `{"format":"'x"}`: "format", `{"zone":"Mars/Olympus"}`: "zone",
		`{"op":"add","amount":1000001}`: "amount", `{"op":"add","unit":"moon"}`: "unit",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}
