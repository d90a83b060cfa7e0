package node

import (
	"context"

	"zygo/app/value"
)

// Manual has no settings: a person or the API starts the workflow and gives the items.
type Manual struct{}

func manual() *Type {
	return Declare(Type{
		Name: "trigger.manual", Version: 1, Category: "triggers", Title: "Manual start", Icon: "play", Trigger: true,
		Help: "Starts when a person or the API runs the workflow.",
	}, passThrough[Manual])
}

// passThrough is the run of a trigger, whose items the engine made.
func passThrough[P any](_ context.Context, c *Call, _ func(int) (*P, error)) (Result, error) {
	return Result{Outputs: []Output{{Main, derived(c.Items)}}}, nil
}

// derived are items that stand for the input's items one by one.
func derived(items []value.Item) []value.Item {
	out := make([]value.Item, len(items))
	for i, item := range items {
		out[i] = value.Item{JSON: item.JSON, Files: item.Files, From: value.Origin{Index: i}}
	}
	return out
}
