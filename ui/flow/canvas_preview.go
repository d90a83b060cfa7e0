package flow

import (
	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/resource"
	"zygo/app/value"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// previewText is what an expression gives, as the panel shows it.
type previewText struct {
	Text  string `json:"text"`
	Error string `json:"error,omitempty"`
}

// longestPreview is how much of a result the panel shows, in letters.
const longestPreview = 300

// valueText is a value as people read it: a text as it is, and what holds others as JSON.
func valueText(v value.Value) string {
	switch {
	case v.Kind() == value.ObjectKind || v.Kind() == value.ListKind:
		return string(v.AppendJSON(nil))
	case v.IsMissing():
		return "nothing"
	}
	return v.Text()
}

// previewExpressions answers what the texts of a node's form give on the first item of an execution. It stores nothing.
func previewExpressions(v *web.Visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.Person.Session, resource.Update); err != nil {
		return nil, err
	}
	found, err := v.Site.Engine.Preview(v.Person.Session, flow.PreviewOrder{
		Workflow:  v.Param("id"),
		Execution: v.Form.Get("execution"),
		Node:      v.Form.Get("node"),
		Before:    v.Form.Get("before"),
		Output:    v.Form.Get("output"),
		Texts:     v.Form["text"],
	})
	if err != nil {
		return nil, err
	}
	shown := []previewText{}
	for _, one := range found {
		shown = append(shown, previewText{Text: widget.Shorten(valueText(one.Value), longestPreview), Error: one.Error})
	}
	return v.JSON(shown)
}
