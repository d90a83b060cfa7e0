package flow

import (
	"fmt"

	"zygo/app/flow/node"
	"zygo/app/value"
)

// In a workflow that behaves as in n8n, a node that fails as a whole lets its input pass, as if nothing had failed. An item that
// failed has become its error, which is a text; at the output for errors it keeps its other fields, too.

// passAsInN8n is what a node puts out that failed as a whole.
func passAsInN8n(f *frame) []node.Output {
	return []node.Output{{Name: f.unit.leaves[0], Items: passed(f.items)}}
}

// errorAsInN8n is the item that a failed one becomes. That of a script which failed for all items was made from none.
func errorAsInN8n(failed node.ItemError) value.Item {
	from := value.Origin{Index: failed.Index}
	if failed.ForAll {
		from.Index = -1
	}
	return value.Item{JSON: value.Object(value.Member{Key: "error", Value: toldAsInN8n(failed.Err)}), From: from}
}

// toldAsInN8n is what an error says: a text, and of a request an object with the status.
func toldAsInN8n(failure *node.Error) value.Value {
	text := func(key, text string) value.Member { return value.Member{Key: key, Value: value.String(text)} }
	if failure.Status != 0 {
		code := "ERR_BAD_REQUEST"
		if failure.Status < 400 || failure.Status >= 500 {
			code = "ERR_BAD_RESPONSE"
		}
		said := failure.Body.JSON()
		if failure.Body.Kind() == value.UndefinedKind {
			said = `""`
		}
		return value.Object(text("message", fmt.Sprintf("%d - %s", failure.Status, value.String(said).JSON())), text("name", "AxiosError"),
			text("stack", failure.Message), text("code", code), value.Member{Key: "status", Value: value.Int(int64(failure.Status))})
	}
	if name, code := failure.Network(); code != "" {
		return value.Object(text("message", failure.Message), text("name", name), text("code", code))
	}
	return value.String(failure.Message)
}

// leaveInN8n has items that a node made of nothing but an error leave by the output for errors, as those do that failed.
func leaveInN8n(f *frame, call *node.Call, result *node.Result) {
	if call.AsInN8n && len(result.Failed) == 0 && f.unit.OnError == onErrorOutput {
		result.Outputs = leaveByError(f, result.Outputs)
	}
}

// leaveByError moves items that hold nothing but an error to the output for errors, where they have the fields of the item that they
// were made from too.
func leaveByError(f *frame, outputs []node.Output) []node.Output {
	failed := node.Output{Name: errorOutput}
	for i := range outputs {
		kept := outputs[i].Items[:0:0]
		for _, item := range outputs[i].Items {
			failure := item.JSON.Get("error")
			if item.JSON.Len() != 1 || failure.IsMissing() {
				kept = append(kept, item)
				continue
			}
			if came, ok := f.item(item.From.Index); ok && item.From.Node == "" {
				if with, err := came.JSON.Set(value.Path{value.Key("error")}, failure); err == nil {
					item.JSON = with
				}
			}
			failed.Items = append(failed.Items, item)
		}
		outputs[i].Items = kept
	}
	return append(outputs, failed)
}
