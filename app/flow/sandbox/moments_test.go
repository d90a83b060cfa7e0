package sandbox_test

import (
	"testing"
	"time"

	"zygo/app/flow/expression"
	"zygo/app/flow/sandbox"
)

// What is compiled of times gives what Luxon gives, also around the nights in which the clocks change.
func TestCompiledTimesAreThoseOfLuxon(t *testing.T) {
	t.Parallel()
	p := pool(t, 2)
	for _, now := range []string{"2024-03-30T02:30:00.123+01:00", "2024-03-31T03:00:00+02:00", "2024-10-26T02:30:00+02:00",
		"2024-10-27T02:30:00+02:00",
		"2024-10-27T02:30:00+01:00", "2024-01-31T12:00:00+01:00", "2024-02-29T23:59:59.999+01:00", "2023-12-31T00:00:00+01:00"} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range []string{
			`$now.plus({days: 1})`, `$now.minus({days: 1, hours: 2})`, `$now.plus({months: 1}).toISO()`,
			`$now.minus({months: 1}).endOf('month')`,
			`$now.plus({hours: 24}).toISO()`, `$now.plus(1, 'hours')`, `$now.minus(1, 'day').startOf('day')`, `$now.startOf('hour')`,
			`$now.startOf('week').toISODate()`, `$now.endOf('week')`, `$now.startOf('quarter')`, `$now.endOf('year')`,
			`$now.plus({years: 1})`,
			`$now.plus({weeks: -1}).toFormat('yyyy-MM-dd HH:mm ZZ')`, `$today.plus({days: 30}).toMillis()`, `$today.minus({quarters: 5})`,
			`$now.endOf('day').plus({milliseconds: 1})`, `$now.plus({minutes: 90}).startOf('minute')`,
			`$today.plus({hours: 2, minutes: 30})`,
		} {
			env := &expression.Environment{Now: at.In(berlin(t))}
			e, err := expression.Compile("{{ " + source + " }}")
			if err != nil || e.NeedsSandbox() {
				t.Fatalf("%s is not compiled: %v", source, err)
			}
			got, err := e.Evaluate(t.Context(), env)
			if err != nil {
				t.Fatal(err)
			}
			script, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: source, Environment: env})
			if err != nil || got.JSON() != script.Value.JSON() {
				t.Errorf("at %s %s gives %s, and in a script %s, %v", now, source, got.JSON(), script.Value.JSON(), err)
			}
		}
	}
}
