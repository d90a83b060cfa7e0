package flow

import (
	"strings"
	"testing"
)

// A workflow that hides the errors of expressions gives nothing where one fails, compiled or not, and keeps the errors of Zygo's
// own names; any other workflow tells the error.
func TestErrorsOfExpressionsAreHiddenWhereTheWorkflowSaysSo(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	set := func(expression string) string {
		return byHand + `{"id":"set","type":"set","config":{"assignments":[{"name":"a","value":"` + expression +
			`"},{"name":"b","value":"kept"}]}}`
	}
	for _, c := range []struct{ settings, expression, want string }{
		{`{"as_in_n8n":true}`, `{{ $json.n.trim() }}`, `"b":"kept"`},
		{`{"as_in_n8n":true}`, `{{ [$json.n].map(n => n.trim()) }}`, `"b":"kept"`},
		{`{"as_in_n8n":true}`, `<{{ nobody.knows() }}>`, `"a":"<>"`},
		{`{"as_in_n8n":true}`, `{{ $execution.mode + ' ' + $prevNode.name + ' ' + $json.list.first() }}`,
			`"a":"test start 7"`},
		{`{"as_in_n8n":true}`, `{{ $parameter.assignments[1].value }}`, `"a":"kept"`},
		{`{"as_in_n8n":true}`, `{{ $env.HOME }}`, `!environment variable`},
		{`{"as_in_n8n":true}`, `{{ ['x'].sum() }}`, `!must be numbers`},
		{`{}`, `{{ $json.n.trim() }}`, `!not a function`},
		{`{}`, `{{ [$json.n].map(n => n.trim()) }}`, `!not a function`},
		{`{}`, `{{ $json.list.first() + '}}' }}`, `"a":"7}}"`},
	} {
		v := p.end(p.run(p.publish(c.settings, set(c.expression), "start>set"), `{"n":1,"list":[7,8]}`))
		if part, fails := strings.CutPrefix(c.want, "!"); fails {
			if v.Error == nil || !strings.Contains(v.Error.Message, part) {
				t.Errorf("%s with %s: %+v, want %q", c.expression, c.settings, v.Error, part)
			}
			continue
		}
		if v.Error != nil || !strings.Contains(string(v.Output), c.want) {
			t.Errorf("%s with %s gives %s, %+v, want %s", c.expression, c.settings, v.Output, v.Error, c.want)
		}
	}
}
