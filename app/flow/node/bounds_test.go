package node_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zygo/app/flow/memory"
	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// fields are so many assignments of one expression.
func fields(count int, expression string) string {
	var list []string
	for n := range count {
		list = append(list, fmt.Sprintf(`{"name":"f%d","value":%q}`, n, expression))
	}
	return `{"keep":"none","assignments":[` + strings.Join(list, ",") + `]}`
}

func TestWhatParametersTakeIsBounded(t *testing.T) {
	t.Parallel()
	const size = 2 << 20
	text := strings.Repeat("x", size)
	for name, test := range map[string]struct{ config, code string }{
		"a few":                    {fields(20, "{{ $json.text }}"), ""},
		"the same text many times": {fields(200, "{{ $json.text }}"), "PARAMETERS_TOO_LARGE"},
		"as many new texts":        {fields(200, "{{ $json.text + 1 }}"), "PARAMETERS_TOO_LARGE"},
		"within one value": {
			`{"assignments":[{"name":"a","value":[` + strings.TrimSuffix(strings.Repeat(`"{{ $json.text }}",`, 40), ",") + `]}]}`,
			"PARAMETERS_TOO_LARGE"},
	} {
		c := call(t, `[{}]`)
		c.Items[0].JSON = value.Object(value.Member{Key: "text", Value: value.String(text)})
		c.Memory = memory.New(1<<30, errors.New("all is taken"))
		expectCode(t, name, compile(t, "set", test.config), c, test.code)
	}
	// What one item took, the next one has again.
	c := call(t, `[{},{},{},{},{},{},{},{},{},{}]`)
	for i := range c.Items {
		c.Items[i].JSON = value.Object(value.Member{Key: "text", Value: value.String(text)})
	}
	expectCode(t, "item by item",
		compile(t, "if", `{"conditions":[{"left":"{{ $json.text }}{{ $json.text }}{{ $json.text }}{{ $json.text }}","op":"is_empty"}]}`),
		c, "")
}

func expectCode(t *testing.T, name string, n *node.Node, c *node.Call, code string) {
	t.Helper()
	_, err := n.Run(t.Context(), c)
	var failure *node.Error
	switch {
	case code == "" && err != nil:
		t.Errorf("%s: %v", name, err)
	case code != "" && (!errors.As(err, &failure) || failure.Code != code):
		t.Errorf("%s: %v, want %s", name, err, code)
	}
}

// A node stops as soon as it built more than it may, and not when all is built.
func TestWhatANodePutsOutIsBoundedWhileItIsBuilt(t *testing.T) {
	t.Parallel()
	full := &node.Error{Code: "FULL"}
	answers := 0
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answers++
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `[%s{}]`, strings.Repeat("{},", 999))
	}))
	t.Cleanup(service.Close)
	guard, err := outgoing.NewGuard([]string{service.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	many := `[` + strings.TrimSuffix(strings.Repeat("{},", 400), ",") + `]`
	for name, test := range map[string]struct {
		node *node.Node
		most int64
		code string
	}{
		"set within":  {compile(t, "set", fields(1, "{{ 'x' }}")), 1 << 20, ""},
		"set":         {compile(t, "set", fields(1, "{{ 'x' }}")), 10_000, "FULL"},
		"code within": {compile(t, "code", `{"source":"return Array.from({length: 10000}, () => ({}))"}`), 1 << 20, ""},
		"code":        {compile(t, "code", `{"source":"return Array.from({length: 10000}, () => ({}))"}`), 100_000, "FULL"},
		"one item too many": {compile(t, "code", `{"source":"return Array.from({length: 10001}, () => ({}))"}`), 1 << 30,
			"OUTPUT_TOO_LARGE"},
		"a thousand per answer": {compile(t, "http", `{"url":"`+service.URL+`"}`), 1 << 30, "OUTPUT_TOO_LARGE"},
		"patterns within": {
			compile(t, "if", `{"conditions":[{"left":"a","op":"matches","right":"{{ '(a|b){1,100}' + $itemIndex }}"}]}`), 100 << 20, ""},
		"patterns": {compile(t, "if", `{"conditions":[{"left":"a","op":"matches","right":"{{ '(a|b){1,100}' + $itemIndex }}"}]}`), 1 << 20,
			"FULL"},
	} {
		c := call(t, many)
		c.Services = &node.Services{Sandbox: pool, HTTP: guard}
		c.Environment.Script = pool.Script
		c.Memory = memory.New(test.most, full)
		expectCode(t, name, test.node, c, test.code)
	}
	if answers != 11 {
		t.Errorf("%d answers were asked for", answers)
	}
}

func TestPatternsThatRepeatTooMuchAreRefused(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		`^\\pL{1,1000}$`: `true:[{}] false:[]`, `a{1000}`: `true:[] false:[{}]`, `((ab){30}){30}`: `true:[] false:[{}]`,
		strings.Repeat(`\\pL{1000}`, 60):                                              "!repeats too much",
		`(((ab|cd|ef|gh|ij|kl){10}){10}x{10}){10}` + strings.Repeat("(ab){1000}", 50): "!repeats too much",
	} {
		expect(t, "if",
			`{"conditions":[{"left":"letters","op":"matches","right":"{{ '`+strings.ReplaceAll(pattern, `\\`, `\\\\`)+`' }}"}]}`, `[{}]`,
			want)
	}
}
