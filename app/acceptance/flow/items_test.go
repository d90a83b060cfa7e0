package flow

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// An order is split into its lines, of which the dear ones are signed and summed up; one without lines stops the workflow.
func TestAnOrderIsWorkedThrough(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	const key = "a-secret-of-more-than-24-bytes"
	owner.Must(owner.Call("POST", "secrets", map[string]any{"name": "SIGNING", "value": key}), 201, nil)
	condition := map[string]any{"left": "{{ $json.lines.price }}", "op": "greater", "right": 10}
	owner.Publish("Orders", []any{
		instance.Node("hook", "trigger.webhook", map[string]any{"path": "orders/{shop}", "respond": "at_end"}),
		instance.Node("sort", "switch", map[string]any{
			"rules": []any{map[string]any{"output": "empty", "left": "{{ $json.body.lines }}", "op": "is_empty"}}, "fallback": "fallback"}),
		instance.Node("stop", "stop", map[string]any{"message": "The order {{ $json.body.id }} of {{ $json.params.shop }} is empty.",
			"code": "EMPTY_ORDER"}),
		instance.Node("order", "set", map[string]any{"keep": "none",
			"assignments": []any{map[string]any{"name": "lines", "value": "{{ $json.body.lines }}"},
				map[string]any{"name": "id", "value": "{{ $json.body.id }}"}}}),
		instance.Node("lines", "items", map[string]any{"fields": []string{"lines"}, "include": "selected",
			"include_fields": []string{"id"}}),
		instance.Node("dear", "filter", map[string]any{"conditions": []any{condition}}),
		instance.Node("sign", "crypto", map[string]any{"op": "hmac", "value": "{{ $json.lines.sku }}", "secret": "{{ $secrets.SIGNING }}",
			"destination": "mark"}),
		instance.Node("total", "items", map[string]any{"op": "summarize",
			"values":   []any{map[string]any{"do": "sum", "field": "lines.price"}, map[string]any{"do": "append", "field": "mark"}},
			"group_by": []string{"id"}}),
		instance.Node("why", "note", map[string]any{"text": "Cheap lines are not signed."}),
	}, append(instance.Chain("order", "lines"), instance.Link("hook", "main", "sort"), instance.Link("sort", "empty", "stop"),
		instance.Link("sort", "fallback", "order"),
		instance.Link("lines", "main", "dear"), instance.Link("dear", "kept", "sign"), instance.Link("sign", "main", "total")))
	caller := &instance.Client{Instance: i}
	answer := caller.Call("POST", "/hooks/acme/orders/berlin",
		`{"id":7,"lines":[{"sku":"a","price":20},{"sku":"b","price":5},{"sku":"c","price":12.5}]}`)
	mark := func(sku string) string { return strings.TrimPrefix(sign(key, sku), "sha256=") }
	want := `[{"sum_lines_price":32.5,"appended_mark":["` + mark("a") + `","` + mark("c") + `"],"id":7}]`
	if answer.Status != 200 || string(answer.Body) != want {
		t.Errorf("the order answers %d %s, want %s", answer.Status, answer.Body, want)
	}
	answer = caller.Call("POST", "/hooks/acme/orders/berlin", `{"id":8,"lines":[]}`)
	var failed []instance.Execution
	owner.Must(owner.Call("GET", "executions?filter[status]=failed", nil), 200, &failed)
	if answer.Status != 500 || len(failed) != 1 {
		t.Fatalf("the empty order answers %d %s and fails %+v", answer.Status, answer.Body, failed)
	}
	e := owner.Finished(failed[0].ID)
	if e.Error == nil || e.Error.Code != "EMPTY_ORDER" || e.Error.Message != "The order 8 of berlin is empty." || e.Error.Node != "stop" {
		t.Errorf("it failed with %+v", e.Error)
	}
}
