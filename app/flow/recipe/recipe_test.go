package recipe

import (
	"strings"
	"testing"

	"zygo/app/value"
	"zygo/embed"
)

// small is a recipe that can be read.
const small = `{"title":"T","icon":"send","help":"H.","docs":"https://example.com","url":"https://api.example.com/v1",
	"auth":{"kind":"bearer","value":"{token}"},"connection":[{"name":"token","secret":true}],"fields":[{"name":"a"},{"name":"b","type":"object"}],
	"operations":[{"name":"do","title":"Do","method":"POST","path":"/x/{a}","fields":["a!","b"],"query":{"q":"{{ $json.a }}"},
		"body":{"b":"{{ $json.b }}"},"output":"{{ $json.answer.list }}","examples":[{}]}]}`

// What could not work, or would do something else than it seems, is refused when the recipe is read.
func TestRecipesAreReadStrictly(t *testing.T) {
	t.Parallel()
	if _, err := Read("small", []byte(small)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, wrong string }{
		{`"title":"T"`, `"titel":"T"`, "titel"},
		{`"title":"T"`, `"title":"T","title":"U"`, "title"},
		{`"icon":"send",`, ``, "icon is missing"},
		{`"method":"POST"`, `"method":"BREW"`, "method must be one of"},
		{`"method":"POST"`, `"method":"POST","verb":"x"`, "verb"},
		{`https://api.example.com/v1`, `http://api.example.com/v1`, "url must be an address"},
		{`https://api.example.com/v1`, `https://a:b@api.example.com`, "url must be an address"},
		{`https://api.example.com/v1`, `https://api.example.com/?q={token}`, "url must be an address"},
		{`https://api.example.com/v1`, `https://{a}.example.com`, "no field of the connection"},
		{`"kind":"bearer"`, `"kind":"magic"`, "auth: the kind"},
		{`"value":"{token}"`, `"value":"{a}"`, "auth names a"},
		{`"value":"{token}"`, `"username":"x"`, "lacks something"},
		{`"secret":true`, `"optional":true`, "has no secret"},
		{`"secret":true`, `"secret":true,"type":"long"`, "a secret is a text"},
		{`{"name":"a"}`, `{"name":"operation"}`, "no name for a field"},
		{`{"name":"a"}`, `{"name":"token"}`, "there twice"},
		{`{"name":"a"}`, `{"name":"a","type":"choice"}`, "has options"},
		{`{"name":"a"}`, `{"name":"a","type":"rows"}`, "has the type"},
		{`{"name":"a"}`, `{"name":"a"},{"name":"c"}`, "no operation takes the field c"},
		{`"/x/{a}"`, `"x/{a}"`, "must begin with /"},
		{`"/x/{a}"`, `"/x/../{a}"`, "must begin with /"},
		{`"/x/{a}"`, `"/x?a={a}"`, "must begin with /"},
		{`"/x/{a}"`, `"/x/{c}"`, "names c"},
		{`"a!","b"`, `"a!","a","b"`, "taken already"},
		{`"a!","b"`, `"a!","c"`, "not there"},
		{`"q":"{{ $json.a }}"`, `"q":"{{ $json.c }}"`, "names c"},
		{`"q":"{{ $json.a }}"`, `"q":"{{ $secrets.A }}"`, "names a node or a secret"},
		{`"q":"{{ $json.a }}"`, `"q":"{{ $('A').first() }}"`, "names a node or a secret"},
		{`"q":"{{ $json.a }}"`, `"q":"{{ $json.a"`, "not closed"},
		{`"output":"{{ $json.answer.list }}"`, `"output":"answer.list"`, "no expression"},
		{`"output":"{{ $json.answer.list }}"`, `"output":"{{ $json.answer }}","items":"list"`, "both items and output"},
		{`"output":"{{ $json.answer.list }}"`, `"items":"list["`, "items"},
		{`"output":"{{ $json.answer.list }}"`, `"pages":{"kind":"some"}`, "pages can't be"},
		{`"output":"{{ $json.answer.list }}"`, `"pages":{"kind":"cursor","next":"n"}`, "pages lack something"},
		{`"output":"{{ $json.answer.list }}"`, `"response":"video"`, "response can't be"},
		{`"output":"{{ $json.answer.list }}"`, `"before":[{"name":"a","method":"GET","path":"/"}]`, "no name for an answer"},
		{`"output":"{{ $json.answer.list }}"`, `"as":"smoke"`, "can't be sent"},
		{`"output":"{{ $json.answer.list }}"`, `"timeout":900`, "timeout"},
		{`"examples":[{}]`, `"examples":[]`, "has no example"},
	} {
		text := strings.Replace(small, c.from, c.to, 1)
		if text == small {
			t.Errorf("%s is not there", c.from)
		}
		if _, err := Read("small", []byte(text)); err == nil || !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v, want %s", c.to, err, c.wrong)
		}
	}
	if _, err := Read("Not a name", []byte(small)); err == nil {
		t.Error("a name with spaces is taken")
	}
}

// Each shipped recipe shows every operation by an example, and marks its credentials.
func TestShippedRecipesAreComplete(t *testing.T) {
	t.Parallel()
	all, err := All(embed.Connectors, "connectors")
	if err != nil || len(all) < 20 {
		t.Fatalf("%d recipes, %v", len(all), err)
	}
	for _, r := range all {
		for _, o := range r.Operations {
			examples, err := o.Examples()
			if err != nil {
				t.Errorf("%s: %v", r.Name, err)
			}
			for _, e := range examples {
				if len(e.Requests) == 0 || len(e.Requests) != len(e.Answers) || e.Fails == "" && e.Items.Kind() != value.ListKind {
					t.Errorf("%s: an example of %s lacks requests, answers or items", r.Name, o.Name)
				}
			}
		}
	}
}
