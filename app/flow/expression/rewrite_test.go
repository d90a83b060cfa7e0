package expression_test

import (
	"strings"
	"testing"

	"zygo/app/flow/expression"
)

func TestRewrite(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`[1].map(x => x + 1)`:                             `[1].map(x => x + 1)`,
		`$json.list.first()`:                              `$$call($json.list,"first")`,
		`$json.list . first ( 1 , 2 )`:                    `$$call($json.list ,"first", 1 , 2 )`,
		`a.first().last()`:                                `$$call($$call(a,"first"),"last")`,
		`!a.isEmpty() && -b.round(1)`:                     `!$$call(a,"isEmpty") && -$$call(b,"round",1)`,
		`x?.isEmpty().toString()`:                         `$$bind(x,"isEmpty")?.().toString()`,
		`x?.y.isEmpty()`:                                  `$$bind(x?.y,"isEmpty")?.()`,
		`a[0].first()`:                                    `$$call(a[0],"first")`,
		`a[b].first()`:                                    `$$call(a[$$key((b))],"first")`,
		`a['b'][c.last()]`:                                `a['b'][$$key(($$call(c,"last")))]`,
		`new Date(0).format('yyyy')`:                      `$$call(new Date(0),"format",'yyyy')`,
		`new a.format()`:                                  `new a.format()`,
		`(1.5).round()`:                                   `$$call((1.5),"round")`,
		`1.5.round()`:                                     `$$call(1.5,"round")`,
		`/a.first()/.test(b.first())`:                     `/a.first()/.test($$call(b,"first"))`,
		`a / b.sum() / 2`:                                 `a / $$call(b,"sum") / 2`,
		"`a.first() ${b.first()} ${c}`":                   "`a.first() ${$$call(b,\"first\")} ${c}`",
		"`${`${a.first()}`}`.length":                      "`${`${$$call(a,\"first\")}`}`.length",
		"`x`.hash()":                                      "$$call(`x`,\"hash\")",
		`'a.first()' + "b.first()"`:                       `'a.first()' + "b.first()"`,
		`({first() { return 1 }})`:                        `({first() { return 1 }})`,
		`({a: b.first(), c})`:                             `({a: $$call(b,"first"), c})`,
		`f(...a.union(b))`:                                `f(...$$call(a,"union",b))`,
		`x => x.first()`:                                  `x => $$call(x,"first")`,
		`a ? b.first() : c.last()`:                        `a ? $$call(b,"first") : $$call(c,"last")`,
		`typeof a.first()`:                                `typeof $$call(a,"first")`,
		`$if(a, b.first(), c)`:                            `((a)?( $$call(b,"first")):( c))`,
		`$if(f(1, 2), [3, 4])`:                            `((f(1, 2))?( [3, 4]):(false))`,
		`$if(a, b, c).first()`:                            `$$call(((a)?( b):( c)),"first")`,
		`$input.first().json.a`:                           `$input.first().json.a`,
		`$('A').last().json.list.first()`:                 `$$call($('A').last().json.list,"first")`,
		`$now.plus({days: 1}).toISO()`:                    `$now.plus({days: 1}).toISO()`,
		`$now.plus(1, 'day')`:                             `$$call($now,"plus",1, 'day')`,
		`Math.max(1, 2)`:                                  `Math.max(1, 2)`,
		`a /* x.first() */ .first()`:                      `$$call(a /* x.first() */ ,"first")`,
		`a.first // (`:                                    `a.first // (`,
		`(() => { if (a) b.first(); return c.last() })()`: `(() => { if (a) $$call(b,"first"); return $$call(c,"last") })()`,
		`(() => { const f = x => { return 1 }; for (const y of z) y.first() })()`: `(() => { const f = x => { return 1 }; for (const y of z) $$call(y,"first") })()`,
		"(() => { let a = 1\nlet b = c.first()\nreturn b })()":                    "(() => { let a = 1\nlet b = $$call(c,\"first\")\nreturn b })()",
	} {
		got, err := expression.Rewrite(source, false)
		if err != nil || got.Source != want {
			t.Errorf("%s becomes %s, %v; want %s", source, got.Source, err, want)
		}
	}
	for source, want := range map[string]string{
		`a.constructor`: "constructor", `a['__proto__']`: "__proto__", `arguments[0]`: "arguments", `new.target`: "target",
		`$if(a)`: "$if", `(a`: "not closed", `a)`: "not open", `'a`: "not closed", "`a": "not closed", `/a`: "not closed",
		`function () {}`: "alone",
	} {
		if got, err := expression.Rewrite(source, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s becomes %s, %v; want an error with %q", source, got.Source, err, want)
		}
	}
	if got, err := expression.Rewrite(`a.first(); b`, true); err != nil || got.Source != `$$call(a,"first")` {
		t.Errorf("the first of two statements becomes %s, %v", got.Source, err)
	}
}

func FuzzRewrite(f *testing.F) {
	for _, seed := range []string{"a.first()", "`${`${a}`}`", "$if(a, b)", "a[b][c]", "/[/]/.x()", "a ? .5 : b?.first()", "((", "}", "${",
		"'\\", "new a()", "$if($if(,),)"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, source string, n8n bool) {
		got, err := expression.Rewrite(source, n8n)
		if err == nil && strings.Count(got.Source, "\n") > strings.Count(source, "\n") {
			t.Errorf("%q has more lines than %q", got.Source, source)
		}
	})
}
