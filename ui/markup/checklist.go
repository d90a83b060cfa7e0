package markup

import (
	"time"
)

// Checklist is steps that people go through one by one.
type Checklist struct {
	// Action is where the outcome of a step is sent; empty where the steps are only read.
	Action string
	Items  []ChecklistItem
}

// ChecklistItem is one step.
type ChecklistItem struct {
	Number int
	// Markdown says what to do.
	Markdown string
	// Code is a command to copy, nil for none.
	Code *Code
	// Run starts the workflow of the step, nil for none.
	Run *Action
	// Outcome is empty until the step was done, Tone its colour.
	Outcome  string
	Tone     Tone
	Note, By string
	At       time.Time
}

// Done tells whether the step has an outcome.
func (i ChecklistItem) Done() bool { return i.Outcome != "" }
