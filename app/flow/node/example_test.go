package node_test

import (
	"testing"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

// What the reference shows is what the nodes do. Those that only work on items have an example each.
func TestExamplesAreTrue(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	for _, typ := range node.All() {
		for _, example := range typ.Examples {
			checkExample(t, pool, typ, example)
		}
	}
}

func checkExample(t *testing.T, pool *sandbox.Pool, typ *node.Type, example node.Example) {
	t.Helper()
	n, faults := typ.Compile(field.JSON(example.Config))
	if len(faults) > 0 {
		t.Errorf("%s %s: %v", typ.Name, example.Config, faults)
		return
	}
	given := call(t, "[]")
	if names := typ.InputsOf(field.JSON(example.Config)); len(names) > 1 {
		for _, name := range names {
			given.Inputs = append(given.Inputs, items(t, parse(t, example.In).Get(name).JSON()))
			given.Items = append(given.Items, given.Inputs[len(given.Inputs)-1]...)
		}
	} else {
		given = call(t, example.In)
	}
	given.Services.Sandbox = pool
	r, err := n.Run(t.Context(), given)
	if err != nil {
		t.Errorf("%s %s: %v", typ.Name, example.Config, err)
		return
	}
	want := parse(t, example.Out)
	if want.Len() != len(r.Outputs) {
		t.Errorf("%s has other outputs: %s", typ.Name, outputs(r))
	}
	for i, o := range r.Outputs {
		var list []value.Value
		for _, item := range o.Items {
			list = append(list, item.JSON)
		}
		if got := value.List(list...); !value.Equal(got, want.Get(o.Name)) {
			t.Errorf("%s %s puts out at %s\n%s\nand not\n%s", typ.Name, example.Config, o.Name, got.JSON(), want.Get(o.Name).JSON())
		}
		if names := typ.OutputsOf(field.JSON(example.Config)); i >= len(names) || names[i] != o.Name {
			t.Errorf("%s has the outputs %v, and puts out at %s", typ.Name, names, o.Name)
		}
	}
}
