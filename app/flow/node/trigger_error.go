package node

// Failures are the settings of the trigger that starts when executions fail.
type Failures struct {
	All bool `z:"literal,label=Of all workflows,help=Those of its workspace that name no error workflow of their own."`
}

func failedExecution() *Type {
	return Declare(Type{
		Name: "trigger.error", Version: 1, Category: "triggers", Title: "Error", Icon: "circle-alert", Trigger: true,
		Help: "Starts when an execution of a workflow failed that names this one in its settings, or of any workflow. The item says " +
			"which one and why. A failure of this workflow starts nothing.",
	}, passThrough[Failures])
}

// FailuresOf gives the settings of an error trigger.
func FailuresOf(n *Node) (*Failures, bool) {
	p, ok := n.fixed.(*Failures)
	return p, ok
}
