package sandbox_test

import (
	"errors"
	"testing"
	"time"

	"zygo/app/flow/expression"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

// Code that was written for n8n finds the names that it uses, and none of the functions that only expressions have.
func TestCodeHasTheNamesOfN8n(t *testing.T) {
	t.Parallel()
	p := pool(t, 2)
	item := value.Item{JSON: json(t, `{"a":1}`), From: value.Origin{Node: "t", Output: "main"}}
	env := &expression.Environment{
		Item: item, Input: []value.Item{item}, Nodes: nodes{"t", []value.Item{{JSON: json(t, `{"a":1}`)}}}, Now: time.Now(), Previous: "t",
		Workflow: expression.Workflow{ID: "w1", Name: "Triage"}, Execution: expression.Execution{ID: "e1", Mode: "manual"},
	}
	for source, want := range map[string]string{
		`for (const item of items) item.json.b = 2; return items[0].json`:                  `{"a":1,"b":2}`,
		`return $items('t').map(i => i.json)`:                                              `[{"a":1}]`,
		`return {v: $input.item.json.a}`:                                                   `{"v":1}`,
		`return {v: $node['t'].json.a}`:                                                    `{"v":1}`,
		`return {v: $prevNode.name}`:                                                       `{"v":"t"}`,
		`return {v: $runIndex}`:                                                            `{"v":0}`,
		`const s = $getWorkflowStaticData('global'); s.x = 1; return {v: s.x}`:             `{"v":1}`,
		`return {v: $execution.id + $workflow.name + $mode}`:                               `{"v":"e1Triagemanual"}`,
		`return {v: $now.toISO() === DateTime.now().set({millisecond: 0}).toISO().length}`: `{"v":false}`,
		`return {v: $input.first().json.a, w: $('t').first().json.a}`:                      `{"v":1,"w":1}`,
		`return {v: $jmespath({a: 1}, 'a')}`:                                               `{"v":1}`,
		`return {v: new TextDecoder().decode(new TextEncoder().encode('\ufeffé'))}`:        `{"v":"é"}`,
		`return {v: $('t').all(0, 0).length, w: $items('t', 0, -1)[0].json.a}`:             `{"v":1,"w":1}`,
		`try { this.helpers.httpRequest({}) } catch (e) { return {v: e.message.length} }`:  `{"v":65}`,
		`return {v: typeof [1].first + typeof $if + typeof 'x'.isEmpty}`:                   `!$if`,
	} {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Mode: sandbox.All, Source: source, Environment: env})
		var failed *sandbox.Error
		if want[0] == '!' {
			if got := result.Value.JSON(); err != nil || got != `{"v":"undefinedundefinedundefined"}` {
				t.Errorf("%s gives %s, %v", source, got, err)
			}
			continue
		}
		if errors.As(err, &failed) || err != nil || result.Value.JSON() != want {
			t.Errorf("%s gives %s, %v; want %s", source, result.Value.JSON(), err, want)
		}
	}
}

// In a workflow that behaves as in n8n code has the names of its mode, and learns that it loads no modules.
func TestCodeHasTheNamesOfItsMode(t *testing.T) {
	t.Parallel()
	p := pool(t, 2)
	env := &expression.Environment{Input: []value.Item{{JSON: json(t, `{"a":1}`)}}, Hide: true}
	for mode, want := range map[sandbox.Mode]string{
		sandbox.All:  `"undefined object 1 Module 'fs' is disallowed [line 2]"`,
		sandbox.Each: `["object undefined 1 Module 'fs' is disallowed [line 2]"]`,
	} {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Mode: mode, Environment: env, Source: `let said; try {
			require('fs') } catch (e) { said = e.message }
			return typeof item + ' ' + typeof items + ' ' + $items().length + ' ' + said`})
		if err != nil || result.Value.JSON() != want {
			t.Errorf("mode %d gives %s, %v", mode, result.Value.JSON(), err)
		}
	}
}

// What Luxon writes, in the languages that Intl has here.
func TestTimesAndLanguages(t *testing.T) {
	t.Parallel()
	p := pool(t, 2)
	env := &expression.Environment{Item: value.Item{JSON: json(t, `{"d":"2024-01-15T09:00:00Z","zone":"Asia/Tokyo"}`)},
		Now: time.Now().UTC()}
	for source, want := range map[string]string{
		`DateTime.fromMillis(1705309200000).toISODate()`:                                             `"2024-01-15"`,
		`DateTime.fromISO('2024-01-17').startOf('week').toISODate()`:                                 `"2024-01-15"`,
		`DateTime.fromISO($json.d).hasSame(DateTime.fromISO('2024-01-20'), 'month')`:                 `true`,
		`DateTime.fromISO($json.d).toSQL()`:                                                          `"2024-01-15 09:00:00.000 +00:00"`,
		`DateTime.fromISO($json.d).toHTTP()`:                                                         `"Mon, 15 Jan 2024 09:00:00 GMT"`,
		`DateTime.fromISO($json.d).toRFC2822()`:                                                      `"Mon, 15 Jan 2024 09:00:00 +0000"`,
		`DateTime.fromISO($json.d).toRelative().endsWith('ago')`:                                     `true`,
		`DateTime.fromISO($json.d).setLocale('de').monthLong`:                                        `"Januar"`,
		`DateTime.fromISO($json.d).toFormat('D')`:                                                    `"1/15/2024"`,
		`DateTime.fromISO($json.d).setZone($json.zone).toFormat('HH:mm ZZZZ')`:                       `"18:00 GMT+9"`,
		`DateTime.fromISO($json.d).setZone('America/New_York').toFormat('HH:mm ZZZZ')`:               `"04:00 EST"`,
		`DateTime.fromISO($json.d).setLocale('ru').toFormat('d MMMM') + $json.d.length`:              `"15 января20"`,
		`new Date($json.d).toLocaleDateString('de-DE', {dateStyle: 'long', timeZone: 'Asia/Tokyo'})`: `"15. Januar 2024"`,
		`['ä', 'z', 'a'].sort((a, b) => a.localeCompare(b)).join('')`:                                `"aäz"`,
		`Duration.fromObject({hours: 1, minutes: 2}).toHuman()`:                                      `"1 hour, 2 minutes"`,
		`Interval.fromDateTimes($now.minus({days: 2}), $now).splitBy({days: 1}).length`:              `2`,
	} {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: source, Environment: env})
		if err != nil || result.Value.JSON() != want {
			t.Errorf("%s gives %s, %v; want %s", source, result.Value.JSON(), err, want)
		}
	}
}

// What the worker's own scripts get from Go is gone before anybody's script runs, whatever is loaded.
func TestHelpersLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	p := pool(t, 2)
	const look = `Object.getOwnPropertyNames(globalThis).filter(name => /host|quickjs|knowZones/i.test(name) || typeof $$host !== 'undefined')`
	env := &expression.Environment{Item: value.Item{JSON: json(t, `{}`)}, Now: time.Now().UTC()}
	for _, source := range []string{
		"return " + look,
		"(1).toLocaleString(); $now; $jmespath({}, 'a'); return " + look +
			".concat(Object.getOwnPropertyNames(Intl).filter(name => name === 'knowZones'))",
	} {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Mode: sandbox.All, Source: source, Environment: env})
		if err != nil || result.Value.JSON() != "[]" {
			t.Errorf("%s finds %s, %v", source, result.Value.JSON(), err)
		}
	}
	result, err := p.Run(t.Context(), sandbox.Program{Time: patience,
		Source: `[[1].first(), 'x'.hash(), typeof $$host, typeof globalThis.$$host].slice(2)`, Environment: env})
	if err != nil || result.Value.JSON() != `["undefined","undefined"]` {
		t.Errorf("an expression with helpers finds %s, %v", result.Value.JSON(), err)
	}
}
