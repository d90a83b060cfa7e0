package node

import (
	"context"

	"zygo/app/field"
	"zygo/app/value"
)

// Note is a text among the nodes, for the people who read the workflow.
type Note struct {
	Text   field.LongText `z:"max=20000,literal"`
	Colour int            `z:"default=1,min=1,max=7,literal,fold,short"`
	Width  int            `z:"default=240,min=40,max=4000,literal,fold,short,help=In pixels."`
	Height int            `z:"default=160,min=40,max=4000,literal,fold,short,help=In pixels."`
}

func note() *Type {
	return Declare(Type{
		Name: "note", Version: 1, Category: "flow", Title: "Note", Icon: "file-text", Note: true,
		Help: "Says something to those who read the workflow, and does nothing.",
	}, func(context.Context, *Call, func(int) (*Note, error)) (Result, error) { return Result{}, nil })
}

// GroupType is the name of the type Group.
const GroupType = "group"

// Group is a frame behind nodes that belong together. Which they are follows from where they stand, so that a graph says nothing twice;
// its title is the name of the node.
type Group struct {
	Colour int `z:"default=1,min=1,max=7,literal,fold,short"`
	Width  int `z:"default=480,min=120,max=40000,literal,fold,short,help=In pixels."`
	Height int `z:"default=240,min=80,max=40000,literal,fold,short,help=In pixels."`
}

func grouping() *Type {
	return Declare(Type{
		Name: GroupType, Version: 1, Category: "flow", Title: "Group", Icon: "group", Note: true,
		Help: "Shows which nodes belong together, by a frame with a title behind them. They move with it. It does nothing.",
	}, func(context.Context, *Call, func(int) (*Group, error)) (Result, error) { return Result{}, nil })
}

// Pass has no parameters.
type Pass struct{}

func pass() *Type {
	return Declare(Type{
		Name: "pass", Version: 1, Category: "flow", Title: "Do nothing", Icon: "arrow-right",
		Help:     "Lets all items pass as they are. Several branches can meet in it, one after the other.",
		Examples: []Example{{Config: `{}`, In: `[{"n": 1}]`, Out: `{"main": [{"n": 1}]}`}},
	}, passThrough[Pass])
}

// Placeholder stands for a node of another program that Zygo has no type for.
type Placeholder struct {
	Type        string      `z:"max=200,literal,help=What it was there."`
	Version     float64     `z:"literal,fold"`
	Parameters  value.Value `z:"literal,help=Its parameters there, to look things up in."`
	Credentials value.Value `z:"literal,fold,help=The names of its credentials there."`
	Parts       value.Value `z:"literal,fold,label=Part of,help=The nodes that it was a part of, and as what."`
}

func standIn() *Type {
	return Declare(Type{
		Name: "placeholder", Version: 1, Category: "flow", Title: "Placeholder", Icon: "circle-dashed", Repeat: Never,
		Help: "Stands for a node that was imported and that Zygo has no type for. Switched off it lets items pass; replace it.",
	}, runPlaceholder)
}

func runPlaceholder(_ context.Context, _ *Call, parameters func(int) (*Placeholder, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	return Result{}, &Error{
		OfStep:  true,
		Code:    "NOT_MAPPED",
		Message: "Zygo has nothing of the type " + p.Type + ". Replace the node, or switch it off.",
	}
}
