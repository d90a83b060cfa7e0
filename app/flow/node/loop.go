package node

import (
	"context"
	"fmt"
	"slices"
	"time"

	"zygo/app/field"
	"zygo/app/value"
)

// The outputs of a loop.
const (
	DoneOutput = "done"
	LoopOutput = "loop"
)

// mostRounds is how often a loop goes around at most.
const mostRounds = 10_000

// Loop is how far a loop is, as its node sees it.
type Loop struct {
	// Round counts the node's runs from 0, and Taken the items that it put out.
	Round, Taken int
	// Given are the items that its rounds led back to it.
	Given []value.Item
	// Before are those that it gave when it was reached before, if IsAgain.
	Before  []value.Item
	IsAgain bool
	// Returns tells that something leads back to it at all.
	Returns bool
}

// LoopErrors is what a loop does with a round in which a node fails.
type LoopErrors string

// A loop stops with the execution, puts the round's items to those that are done, with their error, or leaves them out.
const (
	LoopStops    LoopErrors = "stop"
	LoopCollects LoopErrors = "collect"
	LoopSkips    LoopErrors = "skip"
)

// Choices are the ways.
func (LoopErrors) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(LoopStops), Label: "The execution fails"},
		{Value: string(LoopCollects), Label: "Its items go on to “done” with their error"},
		{Value: string(LoopSkips), Label: "Its items are left out"},
	}
}

// loopParameters are those of a loop.
type loopParameters struct {
	Size    int        `z:"default=1,min=1,max=10000,short,label=Items in each round"`
	Once    bool       `z:"fold,label=Only once,help=When it is over, items that come later pass to “done”, behind those that it gave. Otherwise it begins anew with them."`
	Pause   int        `z:"min=0,max=86400,short,label=Pause between rounds,help=In seconds."`
	OnError LoopErrors `z:"default=stop,literal,label=When a node of a round fails,help=And neither the node nor its error output goes on."`
}

func loop() *Type {
	return Declare(Type{
		Name:     "loop",
		Version:  1,
		Category: "flow",
		Title:    "Loop",
		Icon:     "repeat",
		Help: "Takes the items in rounds. Each round goes to the output loop; lead the last node of it back here. What the rounds gave " +
			"comes out at done when all are over. A round that gives nothing does not end the loop.",
		Outputs: []string{DoneOutput, LoopOutput},
		Loops:   true,
	}, runLoop)
}

func runLoop(_ context.Context, c *Call, parameters func(int) (*loopParameters, error)) (Result, error) {
	l := c.Loop
	if l.Round == 0 && l.IsAgain {
		if p, err := parameters(0); err != nil || p.Once {
			return Result{Outputs: []Output{{Name: DoneOutput, Items: l.passed(c.Items)}}}, err
		}
	}
	if l.Taken >= len(c.Items) {
		return Result{Outputs: []Output{{Name: DoneOutput, Items: l.end(c.Items)}}}, nil
	}
	if l.Round >= mostRounds {
		return Result{}, &Error{
			OfStep:  true,
			Code:    "TOO_MANY_ROUNDS",
			Message: fmt.Sprintf("The loop went around %d times; that is the most. Let each round take more items.", mostRounds),
		}
	}
	p, err := parameters(l.Taken)
	if err != nil {
		return Result{}, err
	}
	batch := Output{Name: LoopOutput}
	for i := l.Taken; i < min(l.Taken+p.Size, len(c.Items)); i++ {
		item := c.Items[i]
		item.From, item.Also = value.Origin{Index: i}, nil
		batch.Items = append(batch.Items, item)
	}
	result := Result{Outputs: []Output{batch}}
	if l.Round > 0 && p.Pause > 0 {
		result.WaitUntil = c.Now.Add(time.Duration(p.Pause) * time.Second)
	}
	return result, nil
}

// end are the items that the rounds gave. Where nothing leads back, those that came in go on.
func (l *Loop) end(came []value.Item) []value.Item {
	all, first := l.Given, len(came)
	if !l.Returns {
		all, first = came, 0
	}
	items := make([]value.Item, len(all))
	for i, item := range all {
		item.From, item.Also = value.Origin{Index: first + i}, nil
		items[i] = item
	}
	return items
}

// passed are the items that come after the loop was over, behind those that it gave before.
func (l *Loop) passed(came []value.Item) []value.Item {
	items := slices.Clone(l.Before) // their origin is known
	for i, item := range came {
		item.From, item.Also = value.Origin{Index: i}, nil
		items = append(items, item)
	}
	return items
}

// LoopErrorsOf is what a loop does with a round in which a node fails.
func LoopErrorsOf(n *Node) LoopErrors {
	if p, ok := n.fixed.(*loopParameters); ok {
		return p.OnError
	}
	return LoopStops
}
