package node_test

import (
	"errors"
	"testing"

	"zygo/app/field"
	"zygo/app/flow/node"
)

func TestStop(t *testing.T) {
	t.Parallel()
	n := compile(t, "stop", `{"message":"Order {{ $json.id }} is not paid.","code":"NOT_PAID"}`)
	_, err := n.Run(t.Context(), call(t, `[{"id":7},{"id":8}]`))
	var failed *node.Error
	if !errors.As(err, &failed) || failed.Code != "NOT_PAID" || failed.Message != "Order 7 is not paid." || failed.Retryable || n.Ends() {
		t.Errorf("it stops with %+v", err)
	}
	expect(t, "stop", `{"message":"{{ $json.none }}"}`, `[{}]`, "!message: is required")
	expect(t, "stop", `{"as":"success"}`, `[{"n":1}]`, `main:[{"n":1}]`)
	if !compile(t, "stop", `{"as":"success"}`).Ends() {
		t.Error("a stop that is a success ends nothing")
	}
	found, _ := node.Find("stop", 1)
	for config, wrong := range map[string]string{`{}`: "message", `{"message":"x","code":"no good"}`: "code", `{"as":"maybe"}`: "as"} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
	note, _ := node.Find("note", 1)
	if _, faults := note.Compile(field.JSON(`{"text":"{{ not an expression","colour":4}`)); len(faults) > 0 {
		t.Errorf("a note: %v", faults)
	}
	if _, faults := note.Compile(field.JSON(`{"colour":8}`)); len(faults) == 0 {
		t.Error("a note of an eighth colour is taken")
	}
}
