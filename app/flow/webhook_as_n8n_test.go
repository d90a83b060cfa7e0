package flow

import (
	"strings"
	"testing"
)

func TestBracketsOfAQueryLeadIntoObjects(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                    `{}`,
		"a=1&b=2&a=3":         `{"a":["1","3"],"b":"2"}`,
		"a[b]=1&a[c]=2":       `{"a":{"b":"1","c":"2"}}`,
		"a[]=1":               `{"a":["1"]}`,
		"a[b][c][d][e][f]=1":  `{"a":{"b":{"c":{"d":{"e":{"f":"1"}}}}}}`,
		"a[b=1":               `{"a":"1"}`,
		"__proto__[x]=1&y=2":  `{"y":"2"}`,
		"a=1&a[b]=2":          `{"a":"1"}`,
		"a[b][__proto__]=1":   `{"a":{"b":{"__proto__":"1"}}}`,
		"%5B%5D=1&a%5Bb%5D=2": `{"":["1"],"a":{"b":"2"}}`,
	} {
		if got := nested(query).JSON(); got != want {
			t.Errorf("%s gives %s, want %s", query, got, want)
		}
	}
	if deep := nested("a" + strings.Repeat("[a]", 2000) + "=1"); deep.Depth() != deepestQuery+1 {
		t.Errorf("a deep query is %d deep", deep.Depth())
	}
}
