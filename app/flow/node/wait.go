package node

import (
	"time"

	"zygo/app/value"
)

// Wait is what a step waits for before it puts anything out. The engine holds the step with no process and no memory, and then
// calls the node again with the Answer.
type Wait struct {
	// Until ends the wait without an answer; zero waits as long as a wait may last.
	Until time.Time
	// Calls are executions that the step starts and whose end it waits for, and AtOnce how many of them run at once; 0 is all.
	Calls  []WorkflowCall
	AtOnce int
	// Methods are those of HTTP with which the execution's address may be called, such as "POST GET"; none where it may not.
	Methods string
	// Decision is asked of people, nil for none.
	Decision *Decision
}

// WorkflowCall is an execution of another workflow with its input.
type WorkflowCall struct {
	Workflow string
	Items    []value.Item
}

// Decision is a question that people answer with yes or no.
type Decision struct {
	Title, Message string
	// Approvers are the addresses of those who may answer; none are all who may decide in the organization.
	Approvers []string
}

// Answer is what a step waited for.
type Answer struct {
	// Late tells that the wait ended before all of it came.
	Late bool
	// Value is what somebody answered.
	Value value.Value
	// Ends are the ends of the executions that the step called, in the order of its calls.
	Ends []CallEnd
}

// CallEnd is how an execution ended: with items, or with an error.
type CallEnd struct {
	ID     string
	Output []value.Item
	Failed *Error
}
